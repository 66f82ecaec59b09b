//! Statements: `let`, assignments, expressions for their effect, items.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Block, Expr, Item, Pat, Stmt, UseTree};

use super::{Current, Lowering, Variable};
use crate::front::mentions;
use crate::ir::{
    Extent, Let, Op, Opaque, Operand, OperandKind, Projection, Statement, Syntax, ValueKind, Verbatim, Write,
};

impl Lowering<'_> {
    /// The value of a block; `()` if it has none.
    pub(super) fn block_value(&mut self, block: &Block) -> Operand {
        let Some((last, rest)) = block.stmts.split_last() else {
            return Self::unit(block);
        };
        self.blocks += 1;
        for (index, statement) in rest.iter().enumerate() {
            if let Some(branch) = self.let_else_by_reference(statement, &block.stmts[index + 1..]) {
                let value = self.expression(&branch);
                self.blocks -= 1;
                return value;
            }
            self.statement(statement);
        }
        let value = self.last_value(block, last);
        self.blocks -= 1;
        value
    }

    fn last_value(&mut self, block: &Block, last: &Stmt) -> Operand {
        match last {
            Stmt::Expr(expr, None) => self.expression(expr),
            Stmt::Macro(mac) if mac.semi_token.is_none() => {
                let expr = Expr::Macro(syn::ExprMacro {
                    attrs: mac.attrs.clone(),
                    mac: mac.mac.clone(),
                });
                self.expression(&expr)
            }
            statement => {
                self.statement(statement);
                Self::unit(block)
            }
        }
    }

    /// A block for its effect.
    pub(super) fn block_effect(&mut self, block: &Block) {
        self.blocks += 1;
        for (index, statement) in block.stmts.iter().enumerate() {
            if let Some(branch) = self.let_else_by_reference(statement, &block.stmts[index + 1..]) {
                self.effect(&branch);
                break;
            }
            self.statement(statement);
        }
        self.blocks -= 1;
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        if self.ended.is_some() {
            return;
        }
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.item(item),
            Stmt::Expr(expr, _) => self.effect(expr),
            Stmt::Macro(mac) => {
                let expr = Expr::Macro(syn::ExprMacro {
                    attrs: mac.attrs.clone(),
                    mac: mac.mac.clone(),
                });
                self.effect(&expr);
            }
        }
    }

    /// An item of the body. Its name is that of no other one, see [`crate::front::resolve`], so that it can stand in front.
    fn item(&mut self, item: &Item) {
        if let Item::Use(import) = item
            && self.blocks > 1
            && is_glob(&import.tree)
        {
            self.errors.add(
                import,
                "a glob import inside a block cannot be differentiated; name what is imported, or import it outside the function",
            );
        }
        item.to_tokens(&mut self.items);
    }

    fn local(&mut self, local: &syn::Local) {
        self.check_attributes(&local.attrs);
        let Some(init) = &local.init else {
            return self.declare_later(&local.pat);
        };
        if let Some((_, otherwise)) = &init.diverge {
            return self.let_else(&local.pat, &init.expr, otherwise);
        }
        if let Expr::Closure(closure) = strip(&init.expr)
            && let Pat::Ident(name) = &local.pat
        {
            return self.closure_definition(&name.ident, closure);
        }
        if !self.mentions_active(&init.expr) && mentions::escape(&init.expr).is_none() && !is_name(&local.pat) {
            return self.opaque_local(local, &init.expr);
        }
        if let (Some(patterns), Expr::Tuple(tuple)) = (tuple_patterns(&local.pat), strip(&init.expr))
            && patterns.len() == tuple.elems.len()
        {
            // `let (a, b) = (x, y);` is two statements; both sides are evaluated before either is bound.
            let sources: Vec<_> = tuple.elems.iter().map(|element| self.expression(element)).collect();
            for (pattern, source) in patterns.into_iter().zip(sources) {
                self.bind(pattern, source);
            }
            return;
        }
        if self.split_at(&local.pat, &init.expr) || self.chosen_parts(&local.pat, &init.expr) {
            return;
        }
        self.note_array(&local.pat, &init.expr);
        let source = self.expression(&init.expr);
        self.bind(&local.pat, source);
    }

    /// `let x;`
    fn declare_later(&mut self, pattern: &Pat) {
        let (pattern, ty) = match pattern {
            Pat::Type(typed) => (&*typed.pat, Some(typed.ty.to_token_stream())),
            pattern => (pattern, None),
        };
        match pattern {
            Pat::Ident(name) => self.declare(&name.ident, true, ty, Current::Nothing),
            other => {
                self.errors
                    .add(other, "a pattern needs a value; write `let pattern = value;`");
            }
        }
    }

    /// A pattern over a value that touches no derivative.
    fn opaque_local(&mut self, local: &syn::Local, init: &Expr) {
        // The value first, under a name that it keeps, so that nothing has to be said in front of the pattern.
        let operand = self.expression(init);
        let operand = match operand.whole() {
            Some(_) => operand,
            None => self.opaque_expression(init, false),
        };
        let Some(id) = operand.whole() else { return };
        let (name, pattern) = (self.value(id).name.clone(), &local.pat);
        let code = Opaque {
            tokens: quote!(let #pattern = #name;),
            mentions: vec![(name, id)],
        };
        let defines = self.opaque_bindings(pattern);
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes: Vec::new(),
            defines,
        }));
    }

    /// An expression whose value is not used.
    pub(super) fn effect(&mut self, expr: &Expr) {
        match expr {
            Expr::Paren(paren) => return self.effect(&paren.expr),
            Expr::Group(group) => return self.effect(&group.expr),
            Expr::Return(result) => return self.return_statement(result),
            Expr::Macro(mac) => return self.macro_effect(mac),
            _ => {}
        }
        if !self.mentions_active(expr) && mentions::escape(expr).is_none() && !self.assigns_later(expr) {
            return self.verbatim(expr);
        }
        match expr {
            Expr::Assign(assign) => self.assign(assign),
            Expr::Binary(binary) if mentions::is_compound(&binary.op) => self.compound(binary),
            Expr::If(branch) => self.if_effect(branch),
            Expr::Match(branch) => self.match_effect(branch),
            Expr::Block(block) if block.label.is_none() => self.block_effect(&block.block),
            Expr::Call(call) if self.is_harmless(call) => self.verbatim(expr),
            Expr::MethodCall(call) => self.method_effect(call),
            other => {
                self.expression(other);
            }
        }
    }

    /// The user's statement as it is.
    pub(super) fn verbatim(&mut self, expr: &Expr) {
        let code = self.opaque(&quote!(#expr;));
        let writes = self.writes(expr);
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes,
            defines: Vec::new(),
        }));
    }

    /// A call whose result is thrown away changes no derivative, unless it writes to an active variable.
    fn is_harmless(&self, call: &syn::ExprCall) -> bool {
        // What a closure does is seen where it is called.
        let name = mentions::root(&call.func);
        if name.is_some_and(|name| matches!(self.current(&name), Some(Current::Closure(_)))) {
            return false;
        }
        let mut references = call
            .args
            .iter()
            .filter(|argument| matches!(argument, Expr::Reference(reference) if reference.mutability.is_some()));
        // A closure may write to what it captures.
        if let Expr::Path(path) = strip(&call.func)
            && let Some(name) = path.path.get_ident()
            && matches!(self.current(name), Some(Current::Closure(_)))
        {
            return false;
        }
        // Something that depends on an active value might be stored behind a mutable reference to something inactive.
        references.next().is_none() || !self.mentions_active(&call.args)
    }

    /// True if a variable that was declared without a value is assigned in the expression.
    fn assigns_later(&self, expr: &Expr) -> bool {
        mentions::writes(expr)
            .iter()
            .any(|name| matches!(self.current(name), Some(Current::Nothing)))
    }

    fn return_statement(&mut self, result: &syn::ExprReturn) {
        let operand = match &result.expr {
            Some(expr) => self.expression(expr),
            None => Self::unit(result),
        };
        self.leave_with(result, operand);
    }

    /// `x = value;`
    pub(super) fn assign(&mut self, assign: &syn::ExprAssign) {
        if let (Expr::Tuple(targets), Expr::Tuple(sources)) = (&*assign.left, strip(&assign.right))
            && targets.elems.len() == sources.elems.len()
        {
            let sources: Vec<_> = sources.elems.iter().map(|element| self.expression(element)).collect();
            for (target, source) in targets.elems.iter().zip(sources) {
                self.assign_to(target, source);
            }
            return;
        }
        let known = variable_name(&assign.left)
            .and_then(|name| self.current(&name))
            .is_some_and(|current| matches!(current, Current::Value(_)));
        if known && is_default(&assign.right) {
            return self.overwrite(assign, Self::unit(assign));
        }
        let source = self.expression(&assign.right);
        if known && matches!(source.kind, OperandKind::Constant(_)) {
            // A literal takes the type of what it overwrites.
            return self.overwrite(assign, source);
        }
        self.assign_to(&assign.left, source);
    }

    /// `x = 1.0;`: the user's own statement, on a copy of the variable.
    fn overwrite(&mut self, assign: &syn::ExprAssign, source: Operand) {
        let Some(variable) = variable_name(&assign.left) else {
            return self.unsupported_write(&assign.left);
        };
        let Some(Current::Value(before)) = self.current(&variable) else {
            return self.unsupported_write(&assign.left);
        };
        let before = *before;
        let name = self.next_name(&variable);
        let after = self.define(name, extent(assign), variable.to_string(), false, ValueKind::Opaque);
        if self.is_value(&crate::ir::Place::whole(before)) {
            self.owned.insert(after);
        }
        self.set(&variable, after);
        let code = Opaque {
            tokens: match source.kind {
                OperandKind::Constant(tokens) => {
                    let (left, equals) = (&assign.left, &assign.eq_token);
                    quote!(#left #equals #tokens;)
                }
                _ => quote!(#assign;),
            },
            mentions: vec![(variable.clone(), before)],
        };
        let writes = vec![Write {
            variable,
            before,
            after,
        }];
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes,
            defines: Vec::new(),
        }));
    }

    pub(super) fn assign_to(&mut self, target: &Expr, source: Operand) {
        if matches!(target, Expr::Infer(_)) {
            return;
        }
        let Some(name) = variable_name(target) else {
            return self.update(target, source);
        };
        let Some(Variable { ascription, .. }) = self.variables.get(&name.to_string()).cloned() else {
            self.errors.add(
                target,
                "a write to something that is not a local variable cannot be differentiated; write to a local variable",
            );
            return;
        };
        self.store(&name, source, ascription);
    }

    /// `x.part = value;`
    fn update(&mut self, target: &Expr, source: Operand) {
        let Some((variable, path)) = self.path_to_part(target) else {
            return self.unsupported_write(target);
        };
        let Some(Current::Value(before)) = self.current(&variable) else {
            self.errors.add(
                target,
                "a write to something that is not a local variable cannot be differentiated; write to a local variable",
            );
            return;
        };
        let before = *before;
        let active = self.value(before).active || self.is_active(&source);
        let name = self.next_name(&variable);
        let at = extent(target);
        let id = self.define(name, at, variable.to_string(), active, ValueKind::Result);
        let before = self.whole(before, Extent::at(at.first));
        self.push(Statement::Let(Let {
            value: id,
            op: Op::Update(path),
            operands: vec![before, source],
            ascription: None,
        }));
        self.set(&variable, id);
        self.check_carried(&variable);
    }

    /// The variable, and the way to the part of it that is written to.
    fn path_to_part(&mut self, target: &Expr) -> Option<(syn::Ident, Vec<Projection>)> {
        match target {
            Expr::Path(_) => Some((variable_name(target)?, Vec::new())),
            Expr::Paren(paren) => self.path_to_part(&paren.expr),
            Expr::Field(field) => {
                let (variable, mut path) = self.path_to_part(&field.base)?;
                path.push(Projection::Field(field.member.to_token_stream()));
                Some((variable, path))
            }
            Expr::Index(index) if !matches!(*index.index, Expr::Range(_)) => {
                if let Some(element) = self.element_of_whole(index) {
                    return self.path_to_part(&element);
                }
                let (variable, mut path) = self.path_to_part(&index.expr)?;
                path.push(Projection::Index(Box::new(self.discrete(&index.index))));
                Some((variable, path))
            }
            _ => None,
        }
    }

    /// An element of a slice, as one of the whole.
    // Original: v[i..j][k]
    // Lowered:  v[{ let index = k; assert!(index < j - i); i + index }]
    fn element_of_whole(&mut self, index: &syn::ExprIndex) -> Option<Expr> {
        let Expr::Index(slice) = strip(&index.expr) else {
            return None;
        };
        let Expr::Range(range) = strip(&slice.index) else {
            return None;
        };
        let (whole, element) = (&slice.expr, &index.index);
        let at = extent(&**element).first;
        let position = self.names.fresh("index", at);
        let start: Expr = match &range.start {
            Some(start) => (**start).clone(),
            None => syn::parse_quote_spanned!(at=> 0),
        };
        let position: Expr = match (&range.end, &range.limits) {
            (None, _) if range.start.is_none() => (**element).clone(),
            (None, _) => syn::parse_quote_spanned!(at=> (#start) + (#element)),
            (Some(end), limits) => {
                let beyond = matches!(limits, syn::RangeLimits::Closed(_)).then(|| quote_spanned!(at=> + 1));
                syn::parse_quote_spanned!(at=> {
                    let #position: usize = #element;
                    ::core::assert!(#position < (#end) #beyond - (#start), "index out of bounds: the index is {}", #position);
                    (#start) + #position
                })
            }
        };
        Some(syn::parse_quote_spanned!(at=> #whole[#position]))
    }

    pub(super) fn unsupported_write(&mut self, target: &Expr) {
        self.errors.add(
            target,
            "a write through a reference cannot be differentiated yet; write to a local variable, or to an element or a field of one",
        );
    }

    /// Gives a variable a new value.
    pub(super) fn store(&mut self, variable: &syn::Ident, source: Operand, ascription: Option<TokenStream>) {
        let active = self.is_active(&source);
        if self.adopt(variable, &source, ascription.as_ref()) {
            return;
        }
        let name = self.next_name(variable);
        let id = self.define(name, source.extent, variable.to_string(), active, ValueKind::Result);
        self.push(Statement::Let(Let {
            value: id,
            op: Op::Copy(Syntax::Plain),
            operands: vec![source],
            ascription,
        }));
        self.set(variable, id);
        self.check_carried(variable);
    }

    /// Gives the operation that just computed the source the variable's name. False if there is none.
    pub(super) fn adopt(&mut self, variable: &syn::Ident, source: &Operand, ascription: Option<&TokenStream>) -> bool {
        let Some(id) = source.whole().filter(|id| self.value(*id).temporary) else {
            return false;
        };
        if let Some(ty) = ascription {
            match self.statements.last_mut() {
                Some(Statement::Let(last)) if last.value == id => {
                    last.ascription = Some(ty.clone());
                    self.values[id.0].ascribed = true;
                    self.owned.extend((!super::pattern::is_reference(ty)).then_some(id));
                }
                _ => return false,
            }
        }
        if let Some(Statement::Let(last)) = self.statements.last()
            && let Op::Opaque { code, .. } = &last.op
            && last.value == id
            && super::pattern::makes_variant(&code.tokens)
        {
            self.owned.insert(id);
        }
        let name = self.next_name(variable);
        self.named.insert(name.to_string());
        let value = &mut self.values[id.0];
        value.name = name;
        value.temporary = false;
        self.set(variable, id);
        self.check_carried(variable);
        true
    }

    /// `x += value;`
    fn compound(&mut self, binary: &syn::ExprBinary) {
        if self.writes_in_target(&binary.left) {
            return;
        }
        let Some(name) = variable_name(&binary.left) else {
            // Which of the two comes first depends on their types.
            let changed = self.changed_by([&*binary.right]);
            if let Some(index) = changed_index(&binary.left, &changed) {
                self.errors.add(
                    index,
                    "what is on the right writes to this index; compute it in a statement of its own",
                );
                return;
            }
            let right = self.expression(&binary.right);
            let left = self.expression(&binary.left);
            if let Some(result) = self.binary_operation(binary, left, right) {
                self.update(&binary.left, result);
            }
            return;
        };
        // Original: x op= v
        // Lowered:  x' = x op v
        let right = self.expression(&binary.right);
        let left = self.expression(&binary.left);
        let ascription = self
            .variables
            .get(&name.to_string())
            .and_then(|variable| variable.ascription.clone());
        let result = self.binary_operation(binary, left, right);
        if let Some(result) = result {
            self.store(&name, result, ascription);
        }
    }

    /// Reports a place that is read and written to, and whose index has an effect, which must not come twice.
    pub(super) fn writes_in_target(&mut self, target: &Expr) -> bool {
        let writes = !mentions::assignments(target, None).is_empty();
        if writes {
            self.errors.add(
                target,
                "an index that writes to a variable cannot be differentiated here; compute it in a statement of its own",
            );
        }
        writes
    }

    pub(super) fn check_attributes(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            if attribute.path().is_ident("cfg") {
                self.errors.add(
                    attribute,
                    "`cfg` on a statement is not visible to the compiler of derivatives; put it on the function",
                );
            }
        }
    }
}

/// True for a call of `default`, whose type is that of the place it is written to.
fn is_default(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Call(call) if matches!(strip(&call.func), Expr::Path(path)
        if path.path.segments.len() > 1 && path.path.segments.last().is_some_and(|last| last.ident == "default")))
}

fn is_glob(tree: &UseTree) -> bool {
    match tree {
        UseTree::Glob(_) => true,
        UseTree::Path(path) => is_glob(&path.tree),
        UseTree::Group(group) => group.items.iter().any(is_glob),
        UseTree::Name(_) | UseTree::Rename(_) => false,
    }
}

/// The expression inside parentheses.
pub(super) fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => strip(&paren.expr),
        Expr::Group(group) => strip(&group.expr),
        expr => expr,
    }
}

/// The variable, if the expression is just that, or `*variable`.
fn variable_name(expr: &Expr) -> Option<syn::Ident> {
    match strip(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// True for `x`, `mut x` and `x: T`.
fn is_name(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.subpat.is_none() && name.by_ref.is_none(),
        Pat::Type(typed) => is_name(&typed.pat),
        _ => false,
    }
}

/// The elements of a tuple pattern without a rest.
fn tuple_patterns(pattern: &Pat) -> Option<Vec<&Pat>> {
    match pattern {
        Pat::Tuple(tuple) if !tuple.elems.iter().any(|element| matches!(element, Pat::Rest(_))) => {
            Some(tuple.elems.iter().collect())
        }
        Pat::Paren(paren) => tuple_patterns(&paren.pat),
        _ => None,
    }
}

/// The place of a token in the source.
pub(super) fn extent(source: &impl ToTokens) -> Extent {
    Extent::of(&source.to_token_stream())
}

/// An index in the place that mentions what may change.
fn changed_index<'e>(place: &'e Expr, changed: &[syn::Ident]) -> Option<&'e Expr> {
    match strip(place) {
        Expr::Index(index) => {
            let mentioned = mentions::mentions(&index.index.to_token_stream());
            let is_changed = mentioned.iter().any(|name| changed.contains(name));
            changed_index(&index.expr, changed).or_else(|| is_changed.then_some(&*index.index))
        }
        Expr::Field(field) => changed_index(&field.base, changed),
        Expr::Unary(unary) => changed_index(&unary.expr, changed),
        _ => None,
    }
}
