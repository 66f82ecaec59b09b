//! Functions written to mislead: values moved, overwritten, shadowed, taken apart and put together again, branches that
//! leave early, names that mean something else. The gradient agrees with central differences in each.

// The form that is differentiated is the subject, also where another is shorter.
#![allow(unused, clippy::style, clippy::complexity, clippy::pedantic)]

use tapeless::prelude::*;
use tapeless_tests::check;

mod moves {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Heavy {
        weights: Matrix<2, 2, f64, Heap>,
        bias: f64,
        pair: (f64, f64),
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Outer {
        first: Heavy,
        second: Heavy,
        rate: f64,
    }

    fn heavy(offset: f64) -> Heavy {
        Heavy {
            weights: HeapMatrix::from_fn(|i, j| offset + i as f64 * 0.5 - j as f64 * 0.3),
            bias: 0.5 + offset,
            pair: (1.0 - offset, 2.0),
        }
    }

    #[differentiable]
    fn moved_and_aliased(h: Heavy) -> f64 {
        let a = h;
        let b = a;
        let c = &b;
        let d = c;
        d.bias * c.bias + b.weights.sum() * d.pair.0
    }

    #[differentiable]
    fn swapped_fields(h: Heavy) -> f64 {
        let (a, b) = h.pair;
        let swapped = Heavy { pair: (b, a), ..h };
        swapped.pair.0 * swapped.bias + swapped.pair.1.sin() + swapped.weights.norm_squared()
    }

    #[differentiable]
    fn update_twice(h: Heavy) -> f64 {
        let one = Heavy {
            bias: h.bias * 2.0,
            ..h
        };
        let two = Heavy {
            pair: (one.bias, one.bias * one.bias),
            ..one
        };
        two.pair.1 * two.bias + two.weights.sum()
    }

    #[differentiable]
    fn update_with_own_field(h: &Heavy) -> f64 {
        let one = Heavy {
            bias: h.weights.sum(),
            ..h.clone()
        };
        one.bias * one.bias + one.pair.0
    }

    #[differentiable]
    fn nested_fields(o: &Outer) -> f64 {
        let f = &o.first;
        let w = &f.weights;
        let v = &o.second.weights;
        let p = &f.pair;
        (w * v + v * w).sum() * o.rate + p.0 * o.second.pair.1 * f.bias
    }

    #[differentiable]
    fn whole_and_part(o: &Outer) -> f64 {
        fn_of_heavy(&o.first) * o.first.bias + fn_of_heavy(&o.second) * fn_of_pair(o.first.pair, &o.second.pair)
    }

    #[differentiable]
    fn fn_of_heavy(h: &Heavy) -> f64 {
        h.weights.sum() * h.bias
    }

    #[differentiable]
    fn fn_of_pair((a, b): (f64, f64), q: &(f64, f64)) -> f64 {
        a * q.1 + b * q.0 * a
    }

    #[differentiable]
    fn same_struct_twice(h: &Heavy) -> f64 {
        both(h, h) + both(h, &h.clone())
    }

    #[differentiable]
    fn both(a: &Heavy, b: &Heavy) -> f64 {
        (&a.weights * &b.weights).sum() * a.bias + b.pair.0 * a.pair.1
    }

    #[differentiable]
    fn returned_struct(h: &Heavy) -> Heavy {
        Heavy {
            weights: &h.weights * 2.0,
            bias: h.bias * h.pair.0,
            pair: (h.pair.1, h.bias),
        }
    }

    #[differentiable]
    fn through_structs(h: &Heavy) -> f64 {
        let a = returned_struct(h);
        let b = returned_struct(&a);
        b.weights.sum() * a.bias + b.pair.0 * h.bias + returned_struct(&b).bias
    }

    #[differentiable]
    fn matrix_moved_in_branch(w: HeapMatrix<2, 2, f64>, flag: bool) -> f64 {
        let v = if flag { w } else { w.transpose() * 3.0 };
        let u = v.clone();
        (v * u).sum()
    }

    #[test]
    fn agree_with_differences() {
        let h = heavy(0.25);
        let o = Outer {
            first: heavy(0.1),
            second: heavy(-0.7),
            rate: 1.5,
        };
        let w: HeapMatrix<2, 2, f64> = heavy(0.3).weights;
        check! {
            moved_and_aliased(h.clone());
            swapped_fields(h.clone());
            update_twice(h.clone());
            update_with_own_field(&h);
            nested_fields(&o);
            whole_and_part(&o);
            same_struct_twice(&h);
            through_structs(&h);
            matrix_moved_in_branch(w.clone(), true);
            matrix_moved_in_branch(w.clone(), false);
        }
    }
}

mod overwriting {
    use super::*;

    #[differentiable]
    fn in_one_branch(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        let before = a;
        if a > 1.0 {
            a = a * a;
        }
        a * before + a.sin()
    }

    #[differentiable]
    fn read_then_overwritten(x: f64, y: f64) -> f64 {
        let mut a = x;
        let b = a * y;
        a = b * a;
        let c = a * b;
        a = c * a;
        a + b * c
    }

    #[differentiable]
    fn compound_with_itself(x: f64) -> f64 {
        let mut a = x;
        a *= a;
        a += a * a;
        a /= x + a;
        a -= a * x;
        a
    }

    #[differentiable]
    fn swapped(x: f64, y: f64, z: f64) -> f64 {
        let (mut a, mut b, mut c) = (x, y, z);
        (a, b, c) = (b * c, c, a);
        (a, b) = (b, a);
        a * b + c * c * a
    }

    #[differentiable]
    fn parameter_overwritten(mut x: f64, mut y: f64) -> f64 {
        let keep = x;
        x = y * y;
        y = x * keep;
        x += y;
        x * keep
    }

    #[differentiable]
    fn overwritten_by_constant(mut x: f64, y: f64) -> f64 {
        let a = x * y;
        x = 2.0;
        if y > 100.0 {
            x = y;
        }
        a * x
    }

    #[differentiable]
    fn nested_branches(x: f64, y: f64, n: i32) -> f64 {
        let mut a = x;
        let mut b = y;
        if n > 0 {
            a *= b;
            if n > 1 {
                b = a + b;
                if n > 2 {
                    return a * b * x;
                }
                a = b * b;
            } else if a > 0.0 {
                a = -a;
            }
            b *= a;
        } else if n < -5 {
            return b;
        }
        match n {
            0 => a += b,
            1 => {
                let t = a;
                a = b;
                b = t;
            }
            -3..=-1 => return a - b * a,
            _ => {}
        }
        a.sin() + a * b
    }

    #[differentiable]
    fn late_initialised(x: f64, flag: bool) -> f64 {
        let a;
        let b;
        if flag {
            a = x * 2.0;
            b = a * x;
        } else {
            b = x.exp();
            a = 1.0;
        }
        a * b
    }

    #[test]
    fn agree_with_differences() {
        check! {
            late_initialised(0.7, true);
            late_initialised(0.7, false);
            in_one_branch(1.5, 2.0);
            in_one_branch(0.5, 0.7);
            read_then_overwritten(1.2, 0.7);
            compound_with_itself(1.3);
            swapped(1.2, 0.7, -0.4);
            parameter_overwritten(1.2, 0.7);
            overwritten_by_constant(1.2, 0.7);
            nested_branches(1.2, 0.7, 0);
            nested_branches(1.2, 0.7, 1);
            nested_branches(1.2, 0.7, 2);
            nested_branches(1.2, 0.7, 3);
            nested_branches(1.2, 0.7, -2);
            nested_branches(1.2, 0.7, -4);
            nested_branches(1.2, 0.7, -9);
        }
    }
}

mod matching {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Point {
        x: f64,
        y: f64,
    }

    #[differentiable]
    fn literal_and_range(x: f64, c: char, n: u8) -> f64 {
        let f = match (c, n) {
            ('a'..='f', 0) => x,
            ('a'..='f', 1..) => x * x,
            (_, k @ 0..=9) => x * f64::from(k),
            _ => 1.0,
        };
        f * x
    }

    #[differentiable]
    fn nested_patterns(([a, b], Point { x, .. }): ([f64; 2], Point)) -> f64 {
        let (s, [t, u]) = (a * x, [b, a]);
        let ((v,), _) = ((s * t,), u);
        v + u
    }

    #[differentiable]
    fn match_as_operand(x: f64, n: i32) -> f64 {
        (match n {
            0 => x,
            _ => x * x,
        } + if n > 1 { x } else { 2.0 * x })
            * {
                let x = x + 1.0;
                x
            }
    }

    #[differentiable]
    fn if_let_chain(x: f64, o: Option<i32>) -> f64 {
        if let Some(n) = o
            && n > 2
        {
            x.powi(n)
        } else {
            x
        }
    }

    #[differentiable]
    fn on_reference(p: &Point) -> f64 {
        match p {
            Point { x, y } if *x > *y => *x * y,
            Point { x, .. } => x * x,
        }
    }

    #[differentiable]
    fn on_value_with_binding(p: Point) -> f64 {
        match p {
            whole @ Point { x, .. } if x > 0.0 => whole.y * x,
            Point { x: a, y: b } => a - b * b,
        }
    }

    #[differentiable]
    fn on_tuple_of_references(p: &Point, q: &Point, flag: bool) -> f64 {
        let (a, b) = match (flag, p, q) {
            (true, Point { x, .. }, other) => (*x, other.y),
            (false, one, Point { y, .. }) => (one.y, *y),
        };
        a * b + a
    }

    #[differentiable]
    fn option_active(x: f64, y: Option<f64>) -> f64 {
        match y {
            Some(y) if y > 10.0 => y,
            Some(y) => x * y,
            None => x,
        }
    }

    #[differentiable]
    fn option_reference(x: f64, y: &Option<f64>) -> f64 {
        if let Some(y) = y { x * y * y } else { x }
    }

    #[differentiable]
    fn let_else(x: f64, y: Option<f64>) -> f64 {
        let Some(z) = y else { return x * x };
        let w = z * x;
        w * z
    }

    #[test]
    fn agree_with_differences() {
        let (p, q) = (Point { x: 1.5, y: -0.5 }, Point { x: -0.3, y: 0.7 });
        check! {
            let_else(2.0, Some(3.0));
            let_else(2.0, None);
            option_reference(2.0, &Some(3.0));
            option_reference(2.0, &None);
            option_active(2.0, Some(3.0));
            option_active(2.0, Some(30.0));
            option_active(2.0, None);
            on_tuple_of_references(&p, &q, true);
            on_tuple_of_references(&p, &q, false);
            on_value_with_binding(p);
            on_value_with_binding(q);
            on_reference(&p);
            on_reference(&q);
            literal_and_range(1.5, 'b', 0);
            literal_and_range(1.5, 'b', 3);
            literal_and_range(1.5, 'x', 3);
            literal_and_range(1.5, 'x', 30);
            nested_patterns(([1.5, 2.5], p));
            match_as_operand(1.5, 0);
            match_as_operand(1.5, 1);
            match_as_operand(1.5, 2);
            if_let_chain(1.5, Some(3));
            if_let_chain(1.5, Some(1));
            if_let_chain(1.5, None);
        }
    }
}

mod capturing {
    use super::*;

    #[differentiable]
    fn by_reference(x: f64, y: f64) -> f64 {
        let a = x * y;
        let f = |b: f64| a * b + y;
        let c = f(x);
        let d = f(c);
        a * c + d
    }

    #[differentiable]
    fn by_move(x: f64, y: f64) -> f64 {
        let a = x * y;
        let f = move |b: f64| a * b;
        let a = y;
        f(a) + a
    }

    #[differentiable]
    fn shadowed_capture(x: f64) -> f64 {
        let a = x;
        let f = |x: f64| x * a;
        let a = 5.0;
        f(2.0) * a + f(x)
    }

    #[differentiable]
    fn branch_in_closure(x: f64, y: f64) -> f64 {
        let pick = |a: f64, b: f64| if a > b { a * y } else { b * b };
        pick(x, y) + pick(y, x) * pick(x, x)
    }

    #[differentiable]
    fn closure_of_tuple(x: f64, y: f64) -> f64 {
        let f = |(a, b): (f64, f64)| (b, a * b);
        let (p, q) = f((x, y));
        let (r, s) = f((q, p));
        r * s + p
    }

    #[differentiable]
    fn closure_calls_closure(x: f64) -> f64 {
        let f = |a: f64| a * x;
        let g = |a: f64| f(a) + f(f(a));
        g(x) * f(2.0)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            by_reference(1.5, 0.7);
            by_move(1.5, 0.7);
            shadowed_capture(1.5);
            branch_in_closure(1.5, 0.7);
            branch_in_closure(0.5, 0.7);
            closure_of_tuple(1.5, 0.7);
            closure_calls_closure(0.8);
        }
    }
}

mod calling {
    use super::*;

    #[differentiable]
    fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
        a[0] * b[0] + a[N - 1] * b[N - 1]
    }

    #[differentiable]
    fn same_array_twice(a: [f64; 3]) -> f64 {
        dot(&a, &a) + dot(&a, &[a[1], 2.0, a[0]])
    }

    #[differentiable]
    fn by_value_three_times(x: f64) -> f64 {
        three(x, x, x)
    }

    #[differentiable]
    fn three(a: f64, b: f64, c: f64) -> f64 {
        a * b + b * c * c
    }

    #[differentiable]
    fn unused_everywhere(_x: f64, y: f64, _: f64, _z: &[f64; 2]) -> f64 {
        let _ = y * 2.0;
        let _unused = three(y, y, y);
        y
    }

    #[differentiable]
    fn constant(_x: f64) -> f64 {
        3.0
    }

    #[differentiable]
    fn calls_constant(x: f64) -> f64 {
        constant(x) * x + constant(x)
    }

    #[differentiable]
    fn identity(x: f64) -> f64 {
        x
    }

    #[differentiable]
    fn through_identity(x: f64, y: f64) -> f64 {
        identity(identity(x) * identity(y)) + identity(x)
    }

    mod geometry {
        use tapeless::prelude::*;
        #[differentiable]
        pub(super) fn three(a: f64, b: f64, c: f64) -> f64 {
            a - b * c
        }
        pub(super) mod deeper {
            use tapeless::prelude::*;
            #[differentiable]
            pub(in super::super) fn three(a: f64, b: f64, c: f64) -> f64 {
                super::three(a, b, c) * super::super::three(c, b, a)
            }
        }
    }

    #[differentiable]
    fn closure_shadows_function(x: f64) -> f64 {
        let three = |a: f64, b: f64, _c: f64| a / b;
        three(x, 2.0, 1.0) * x
    }

    #[differentiable]
    fn inactive_arguments(x: f64, n: usize) -> f64 {
        let k = n as f64 * 2.0;
        let c = three(k, 1.0, 2.0);
        three(x, k, c) + three(c, c, x)
    }

    #[differentiable]
    fn pair<T: Real>(x: T, y: T) -> (T, T) {
        (x * y, x - y)
    }

    #[differentiable]
    fn larger<T: Real>(x: T, y: T) -> T {
        if x > y { x } else { y }
    }

    #[differentiable]
    fn generic_callee(x: f64, y: f64) -> f64 {
        let (a, b) = pair(x, y);
        let (c, _) = pair::<f64>(b, a);
        larger(c, a) * larger::<f64>(x, 1.0)
    }

    #[differentiable]
    fn generic_caller<T: Real + Clone, const N: usize>(a: [T; N], x: T) -> T {
        let (p, q) = pair(a[0], x);
        larger(p, q) * larger(a[N - 1], x) + T::from_f64(2.0) * x
    }

    fn helper(n: usize) -> usize {
        n * 3 / 2
    }

    #[differentiable]
    fn discontinuous_helper(a: [f64; 4], n: usize) -> f64 {
        let i = helper(n).min(3);
        let j = a.len() - 1 - i;
        let k = a.iter().filter(|x| **x > 1.0).count();
        a[i] * a[j] + a[k % 4] * k as f64
    }

    #[differentiable]
    fn unit_statement(x: f64, log: &str) -> f64 {
        let () = ();
        assert!(!log.is_empty(), "log");
        if log.len() > 10 {
            eprintln!("{log} {x}");
        };
        let y = x * x;
        assert_ne!(y, -1.0);
        y
    }

    #[differentiable]
    fn discards(x: f64, y: f64) -> f64 {
        three(x, y, 1.0);
        let _ = pair(x, y);
        let (_, d) = pair(y, x);
        d * x
    }

    #[differentiable]
    fn index_by_call(a: [f64; 4], n: usize) -> f64 {
        a[helper(n)] * a[(n + 1) % a.len()]
    }

    #[differentiable]
    fn deep(x: f64) -> f64 {
        ((((x * 2.0).sin() * x).exp() + (x * (x + (x * (x - 1.0)))).cos()).abs() + 1.0)
            .sqrt()
            .ln()
    }

    #[test]
    fn agree_with_differences() {
        check! {
            same_array_twice([1.5, 2.5, -0.5]);
            by_value_three_times(1.5);
            unused_everywhere(1.0, 2.0, 3.0, &[1.0, 2.0]);
            constant(2.0);
            calls_constant(2.0);
            through_identity(1.5, 2.0);
            geometry_deeper(1.3);
            closure_shadows_function(1.3);
            inactive_arguments(1.3, 2);
            generic_callee(1.3, 0.4);
            generic_callee(0.3, -1.4);
            generic_caller([1.5_f64, 2.5], 0.7);
            discontinuous_helper([0.5, 1.5, 2.5, 3.5], 1);
            discontinuous_helper([0.5, 1.5, 2.5, 3.5], 2);
            unit_statement(1.5, "log");
            discards(1.5, 2.5);
            index_by_call([0.5, 1.5, 2.5, 3.5], 1);
            deep(0.7);
        }
    }

    use geometry::deeper::three as deeper_three;

    #[differentiable]
    fn geometry_deeper(x: f64) -> f64 {
        deeper_three(x, x, x)
    }
}

mod mixtures {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct P {
        x: f64,
        y: f64,
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Q {
        p: P,
        o: Option<f64>,
        w: HeapMatrix<2, 2, f64>,
        a: [P; 2],
    }

    #[differentiable]
    fn option_in_a_struct(q: &Q) -> f64 {
        match &q.o {
            Some(v) => v * q.p.x,
            None => q.p.y,
        }
    }

    #[differentiable]
    fn struct_taken_apart(q: Q) -> f64 {
        let Q { p, o, w, a: [b, c] } = q;
        let s = if let Some(v) = o { v } else { 1.0 };
        (&w * &w).sum() * s + p.x * b.y + c.x * c.y
    }

    #[differentiable]
    fn option_made_in_branches(x: f64, y: f64) -> f64 {
        let o = if x > y { Some(x * y) } else { None };
        match o {
            Some(v) => v * v,
            None => x,
        }
    }

    #[differentiable]
    fn perhaps(x: f64, k: bool) -> Option<f64> {
        if k { Some(x * x) } else { None }
    }

    #[differentiable]
    fn option_returned(x: f64, k: bool) -> f64 {
        match perhaps(x, k) {
            Some(v) => v * x,
            None => x,
        }
    }

    #[differentiable]
    fn bindings_by_reference(x: f64, y: f64) -> f64 {
        let p = P { x, y };
        let r = &p;
        let P { x: ref a, y: b } = *r;
        r.y * *a + b
    }

    #[differentiable]
    fn overwritten_in_some_branches(mut x: f64, n: u32) -> f64 {
        if n & 1 == 1 {
            x = x * x;
        }
        let y = x;
        if n & 2 == 2 {
            x += y;
        }
        if n & 4 == 4 {
            return x * y;
        }
        x = x.sin() * y;
        {
            let x = 3.0;
            let _ = x;
        }
        x
    }

    #[differentiable]
    fn tuple_of_comparisons(x: f64, y: f64) -> f64 {
        let (a, b) = if x > y { (x, y) } else { (y, x) };
        let c = match (a > 1.0, b > 1.0) {
            (true, true) => a * b,
            (true, false) => a - b,
            (false, _) => b / a,
        };
        c * a
    }

    #[differentiable]
    fn elements_of_fields(q: &Q, i: usize) -> f64 {
        let r = &q.a[i];
        let s = &q.a;
        let P { x, y } = s[1 - i];
        r.x * x + r.y * y * s[i].x
    }

    #[differentiable]
    fn owned_or_referred(w: &HeapMatrix<2, 2, f64>, x: f64) -> f64 {
        let v = w * x;
        let v = v + w;
        let u = &v;
        let r = if x > 0.0 { u.transpose() } else { u * u };
        (&r * u).sum() + r[(0, 1)]
    }

    #[differentiable]
    fn through_casts(x: f64) -> f64 {
        let k = 2.0 * 3.0;
        let mut a = k;
        a += x;
        let b = a as f32;
        let c = f64::from(b);
        let d = x as i32 as f64;
        a * d + (c - c)
    }

    #[differentiable]
    fn generic_array<T: Real>(xs: &[T; 3], s: T) -> T {
        let [a, b, c] = *xs;
        let m = a.max(b).min(c);
        let z = T::from_f64(0.5) * s;
        (a - m) * z + b * c / s
    }

    #[differentiable]
    fn closure_in_closure(x: f64, y: f64) -> f64 {
        let g = |a: f64| {
            let h = |b: f64| a * b + y;
            h(a) * h(x)
        };
        let y = x;
        g(y) + g(2.0)
    }

    #[differentiable]
    fn scaled(x: f64, y: &P) -> (P, f64) {
        (P { x: x * y.x, y: y.y }, x)
    }

    #[differentiable]
    fn struct_passed_on(x: f64, p: &P) -> f64 {
        let (q, _) = scaled(x, p);
        let (r, z) = scaled(q.x, &q);
        scaled(z, &r).0.x + q.y
    }

    #[differentiable]
    fn initialised_or_returned(x: f64, y: f64) -> f64 {
        let r;
        if x > 0.0 {
            let t = x * y;
            if t > 1.0 {
                return t;
            }
            r = t;
        } else {
            r = y;
        }
        let z = ordered(r, x);
        z * r
    }

    #[differentiable]
    fn ordered(a: f64, b: f64) -> f64 {
        match a.total_cmp(&b) {
            core::cmp::Ordering::Less => a * b,
            _ => a,
        }
    }

    #[differentiable]
    fn rows_of_arrays(x: f64) -> f64 {
        let a = [[x, 1.0], [x * x, 2.0]];
        let [[b, _], c] = a;
        let d = &a[1];
        d[0] * b + c[0] * a[0][0]
    }

    #[differentiable]
    fn option_of_a_struct(x: f64, o: Option<P>) -> f64 {
        let p = match o {
            Some(P { x: a, y }) if a > 5.0 => y,
            Some(p) => p.x * x + p.y,
            None => return x,
        };
        p * p
    }

    #[differentiable]
    fn struct_overwritten(p: P) -> f64 {
        let mut q = p;
        let r = q;
        q = P { x: r.y, ..q };
        let s = q;
        s.x * s.y * r.x
    }

    #[differentiable]
    fn blocks_as_operands(x: f64, y: f64) -> f64 {
        let v = -{ x } * -(-y);
        let w = if { x > y } { v } else { -v };
        (w, v).0
            + [w, v][1] * {
                let w = v;
                w
            }
    }

    fn q() -> Q {
        Q {
            p: P { x: 1.1, y: 0.4 },
            o: Some(0.7),
            w: HeapMatrix::from_fn(|i, j| 0.3 + i as f64 - 0.6 * j as f64),
            a: [P { x: 0.2, y: 1.3 }, P { x: -0.4, y: 0.9 }],
        }
    }

    #[differentiable]
    fn guard_in_a_macro(x: f64, limit: f64) -> f64 {
        let __seed = limit;
        let limit = limit * 10.0;
        // The name that ends a guard is the inner variable.
        assert!(match Some(x) {
            Some(y) if y > limit => false,
            Some(y) if y > __seed => false,
            Some(_) => true,
            None => false,
        });
        x * x * limit
    }

    #[test]
    fn agree_with_differences() {
        let q = q();
        let none = Q { o: None, ..q.clone() };
        assert_gradient!(option_in_a_struct, &q);
        assert_gradient!(option_in_a_struct, &none);
        assert_gradient!(struct_taken_apart, q.clone());
        assert_gradient!(struct_taken_apart, none.clone());
        assert_gradient!(option_made_in_branches, 1.5, 0.5);
        assert_gradient!(option_made_in_branches, 0.5, 1.5);
        assert_gradient!(option_returned, 1.5, true);
        assert_gradient!(option_returned, 1.5, false);
        assert_gradient!(bindings_by_reference, 1.5, 0.4);
        for n in 0..8 {
            assert_gradient!(overwritten_in_some_branches, 0.7, n);
        }
        for (x, y) in [(2.0, 1.5), (2.0, 0.4), (0.5, 0.3), (0.3, 1.7)] {
            assert_gradient!(tuple_of_comparisons, x, y);
            assert_gradient!(initialised_or_returned, x, y);
            assert_gradient!(initialised_or_returned, -x, y);
            assert_gradient!(blocks_as_operands, x, y);
            assert_gradient!(closure_in_closure, x, y);
        }
        assert_gradient!(elements_of_fields, &q, 0);
        assert_gradient!(elements_of_fields, &q, 1);
        assert_gradient!(owned_or_referred, &q.w, 0.6);
        assert_gradient!(owned_or_referred, &q.w, -0.6);
        assert_gradient!(tolerance = 0.05; through_casts, 3.3);
        assert_gradient!(generic_array, &[0.3, 0.9, 1.4], 2.0);
        assert_gradient!(generic_array, &[2.3, 0.9, 1.4], 2.0);
        assert_gradient!(struct_passed_on, 0.8, &q.p);
        assert_gradient!(rows_of_arrays, 0.8);
        assert_gradient!(option_of_a_struct, 0.8, Some(q.p));
        assert_gradient!(option_of_a_struct, 0.8, Some(P { x: 6.0, y: 2.0 }));
        assert_gradient!(option_of_a_struct, 0.8, None::<P>);
        assert_gradient!(struct_overwritten, q.p);
        assert_gradient!(guard_in_a_macro, 0.8, 2.0);
    }
}
