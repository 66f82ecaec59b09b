//! Mistakes, and what the compiler says about them; see `ui/README.md`.

#[test]
fn mistakes_are_explained_once() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/without_mistakes.rs");
    cases.compile_fail("ui/*/*.rs");
}
