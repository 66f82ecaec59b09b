//! Answers messages on standard input by responses on standard output, until the input ends.

use std::io::{self, BufRead, Write};

use tapeless_gradbench::protocol;

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if let Some(response) = protocol::respond(&line) {
            writeln!(output, "{response}")?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}
