//! What the passes move: scratch space into loops, and calls before them.

use expect_test::{Expect, expect};

#[track_caller]
fn check(source: &str, expected: Expect) {
    expected.assert_eq(&super::dump(source));
}

#[test]
fn scratch_space_becomes_an_iterations_own() {
    check(
        "fn f(x: &[f64], k: usize) -> f64 {
            let mut s = vec![0.0; k];
            let mut sum = 0.0;
            for _ in 0..9 { for c in 0..k { let y = x[c] * sum; s[c] = y; } sum += g(&s); }
            sum
        }",
        expect![[r#"
            parameters x*, k
            sum = opaque 0.0
            sum_8* = for _ in 0..9
              sum_5* from sum, then sum_6*
              s = opaque vec![0.0; k]
              s_17* = for c in 0..k
                s_14* from s, then s_15*
                y* = mul(x[c], sum_5)
                s_16* = update s_14[c] = y
                next s_16
              t_7* = call g(&s_17)
              sum_7* = add(sum_5, t_7)
              next sum_7
            leave sum_8
        "#]],
    );
}

#[test]
fn scratch_space_that_is_filled_in_part_or_read_before_stays() {
    for fill in [
        "for c in 1..k { let y = x[c] * x[0]; s[c] = y; }",
        "for c in 0..m { let y = x[c] * x[0]; s[c] = y; }",
        "for c in 0..k { if c > 2 { let y = x[c] * x[0]; s[c] = y; } }",
        "for c in 0..k { let y = x[c] * s[0]; s[c] = y; }",
        "for c in 0..k { let y = x[c] * x[0]; s[c] = y; if y > 1.0 { break; } }",
        "for c in 0..k { if c == 1 { continue; } let y = x[c] * x[0]; s[c] = y; }",
        "for c in 0..k { let y = x[c] * x[0]; s[c] += y; }",
        "sum += s[0]; for c in 0..k { let y = x[c] * x[0]; s[c] = y; }",
    ] {
        let source = format!(
            "fn f(x: &[f64], k: usize, m: usize) -> f64 {{
                let mut s = vec![0.0; k];
                let mut sum = 0.0;
                for _ in 0..9 {{ {fill} sum += g(&s); }}
                sum
            }}"
        );
        let dump = super::dump(&source);
        let made = dump.lines().find(|line| line.contains("s = opaque vec"));
        assert_eq!(made, Some("s = opaque vec![0.0; k]"), "{dump}");
    }
}

#[test]
fn a_call_goes_before_a_loop_that_it_does_not_depend_on() {
    check(
        "fn f(x: &[f64], data: &Data) -> f64 {
            let mut sum = 0.0;
            for i in 0..9 { sum += x[i] * x[i]; }
            sum - g(x) + constant(data) + g(sum)
        }",
        expect![[r#"
            parameters x*, data*
            sum = opaque 0.0
            t_5* = call g(x)
            t_7* = call constant(data)
            sum_8* = for i in 0..9
              sum_5* from sum, then sum_6*
              t_3* = mul(x[i], x[i])
              sum_7* = add(sum_5, t_3)
              next sum_7
            t_6* = sub(sum_8, t_5)
            t_8* = add(t_6, t_7)
            t_9* = call g(sum_8)
            t_10* = add(t_8, t_9)
            leave t_10
        "#]],
    );
}

#[test]
fn calls_stay_behind_loops_that_do_more_than_read_and_what_they_might_consume() {
    for (body, behind) in [
        ("c.set(i); sum += x[i];", "h(&c)"),
        ("println!(\"{i}\"); sum += x[i];", "h(&c)"),
        ("sum += x[i] * v[i];", "h(v)"),
    ] {
        let source = format!(
            "fn f(x: &[f64]) -> f64 {{
                let (c, v) = (Cell::new(0), numbers());
                let mut sum = 0.0;
                for i in 0..9 {{ {body} }}
                sum * {behind}
            }}"
        );
        let dump = super::dump(&source);
        let (call, repetition) = (dump.find("h("), dump.find("for i"));
        assert!(call > repetition, "{dump}");
    }
}
