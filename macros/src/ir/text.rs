//! Source text for tokens, spaced as one writes it.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The text, on one line. Identifiers appear as they stand in the source, also where they have been renamed.
pub(crate) fn text(tokens: &TokenStream) -> String {
    let mut printer = Printer {
        text: String::new(),
        last: Last::Start,
    };
    printer.stream(tokens);
    printer.text
}

/// What the last token was, as far as spacing goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    /// A name, a literal or a closed group: an operand may end here.
    Operand,
    /// A word of the language: `let`, `if`, `return`.
    Keyword,
    /// After it comes no space: `.`, `::`, `&` as a prefix.
    Tight,
    /// An operator between operands.
    Operator,
    /// The first character of a longer operator.
    Joint,
}

const KEYWORDS: &[&str] = &[
    "let", "if", "else", "match", "return", "in", "as", "mut", "ref", "move", "for", "while",
];

struct Printer {
    text: String,
    last: Last,
}

impl Printer {
    fn stream(&mut self, tokens: &TokenStream) {
        for tree in tokens.clone() {
            match tree {
                TokenTree::Ident(ident) => {
                    let word = ident.span().source_text().filter(|text| is_name(text));
                    let word = word.unwrap_or_else(|| ident.to_string());
                    let keyword = KEYWORDS.contains(&word.as_str());
                    self.word(&word, if keyword { Last::Keyword } else { Last::Operand });
                }
                TokenTree::Literal(literal) => self.word(&literal.to_string(), Last::Operand),
                TokenTree::Group(group) => self.group(group.delimiter(), &group.stream()),
                TokenTree::Punct(punct) => self.punct(punct.as_char(), punct.spacing()),
            }
        }
    }

    fn word(&mut self, word: &str, kind: Last) {
        if matches!(self.last, Last::Operand | Last::Keyword | Last::Operator) {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.last = kind;
    }

    fn group(&mut self, delimiter: Delimiter, inside: &TokenStream) {
        let (open, close, loose) = match delimiter {
            Delimiter::Parenthesis => ("(", ")", false),
            Delimiter::Bracket => ("[", "]", false),
            Delimiter::Brace => ("{ ", " }", true),
            Delimiter::None => ("", "", false),
        };
        // A call or an index is tight, an operand in parentheses is not.
        let spaced = matches!(self.last, Last::Keyword | Last::Operator) || (loose && self.last == Last::Operand);
        if spaced {
            self.text.push(' ');
        }
        self.text.push_str(open);
        self.last = Last::Tight;
        self.stream(inside);
        self.text.push_str(close);
        self.last = Last::Operand;
    }

    fn punct(&mut self, mark: char, spacing: Spacing) {
        let continues = spacing == Spacing::Joint;
        match (mark, self.last) {
            (_, Last::Joint) => {
                self.text.push(mark);
                let tight = ["::", "..", "..="].iter().any(|mark| self.text.ends_with(mark));
                self.last = match (continues, tight) {
                    (true, _) => Last::Joint,
                    (false, true) => Last::Tight,
                    (false, false) => Last::Operator,
                };
            }
            ('.' | ':', _) if continues => {
                self.text.push(mark);
                self.last = Last::Joint;
            }
            ('.' | '?' | '!' | '\'', Last::Operand) | ('\'' | '#', _) => {
                self.text.push(mark);
                self.last = Last::Tight;
            }
            (',' | ';' | ':', _) => {
                self.text.push(mark);
                self.last = Last::Operator;
            }
            (_, Last::Operand) => {
                self.text.push(' ');
                self.text.push(mark);
                self.last = if continues { Last::Joint } else { Last::Operator };
            }
            (_, last) => {
                if matches!(last, Last::Keyword | Last::Operator) {
                    self.text.push(' ');
                }
                self.text.push(mark);
                self.last = Last::Tight;
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '#')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[track_caller]
    fn check(source: &str) {
        let tokens = source.parse().expect("tokens");
        assert_eq!(text(&tokens), source);
    }

    #[test]
    fn text_is_spaced_as_one_writes_it() {
        check("(x * y).sin() + x * x");
        check("-x - -y * &z");
        check("a[i + 1] * f64::from(n)");
        check("x == 3.0 && !flag || y <= 2.0");
        check("p.0.y");
        check("Some(x) if x > 0");
        check("0..=5");
        check("std::f64::consts::PI");
        check("let y: f64 = x;");
        check("Point { x: a, y }");
    }
}
