//! Small programs and their dumps.

use expect_test::{Expect, expect};

#[track_caller]
fn check(source: &str, expected: Expect) {
    expected.assert_eq(&super::dump(source));
}

#[test]
fn an_expression_becomes_one_statement_for_each_operation() {
    check(
        "fn f(x: f64, y: f64) -> f64 { (x * y).sin() + x * x }",
        expect![[r#"
        parameters x*, y*
        t_1* = mul(x, y)
        t_2* = sin(t_1)
        t_3* = mul(x, x)
        t_4* = add(t_2, t_3)
        leave t_4
    "#]],
    );
}
