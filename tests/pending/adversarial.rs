//! Functions of `adversarial.rs` that cannot be differentiated yet: not compiled. When one compiles, move it there, with its check.


    #[differentiable]
    fn array_elements(x: f64, y: f64) -> f64 {
        let mut a = [x, y, x * y];
        a[0] = a[1] * a[2];
        a[1] *= a[0];
        a[2] = a[0] + a[1];
        a[0] = 3.0;
        a[0] * a[1] + a[2]
    }
    // check: array_elements(1.2, 0.7);

    #[differentiable]
    fn array_element_in_branch(a: [f64; 3], i: usize) -> f64 {
        let mut b = a;
        if i > 0 {
            b[i] = b[i - 1] * a[i];
        } else {
            b[2] += a[0] * b[0];
        }
        b[0] * b[1] * b[2] + a[i]
    }
    // check: array_element_in_branch([1.1, 1.2, 1.3], 0); array_element_in_branch([1.1, 1.2, 1.3], 1); array_element_in_branch([1.1, 1.2, 1.3], 2);

    #[differentiable]
    fn tuple_fields(x: f64, y: f64) -> f64 {
        let mut t = (x, (y, x * y));
        t.0 = t.1 .0 * t.1 .1;
        t.1 .1 += t.0;
        t.1 = (t.1 .1, t.0 * 2.0);
        t.0 * t.1 .0 + t.1 .1
    }
    // check: tuple_fields(1.2, 0.7);

    #[differentiable]
    fn on_reference(p: &Point) -> f64 {
        match p {
            Point { x, y } if *x > *y => *x * y,
            Point { x, .. } => x * x,
        }
    }
    // check: on_reference(&p); on_reference(&q);

    #[differentiable]
    fn on_value_with_binding(p: Point) -> f64 {
        match p {
            whole @ Point { x, .. } if x > 0.0 => whole.y * x,
            Point { x: a, y: b } => a - b * b,
        }
    }
    // check: on_value_with_binding(p); on_value_with_binding(q);

    #[differentiable]
    fn on_tuple_of_references(p: &Point, q: &Point, flag: bool) -> f64 {
        let (a, b) = match (flag, p, q) {
            (true, Point { x, .. }, other) => (*x, other.y),
            (false, one, Point { y, .. }) => (one.y, *y),
        };
        a * b + a
    }
    // check: on_tuple_of_references(&p, &q, true); on_tuple_of_references(&p, &q, false);

    #[differentiable]
    fn option_active(x: f64, y: Option<f64>) -> f64 {
        match y {
            Some(y) if y > 10.0 => y,
            Some(y) => x * y,
            None => x,
        }
    }
    // check: option_active(2.0, Some(3.0)); option_active(2.0, Some(30.0)); option_active(2.0, None);

    #[differentiable]
    fn option_reference(x: f64, y: &Option<f64>) -> f64 {
        if let Some(y) = y { x * y * y } else { x }
    }
    // check: option_reference(2.0, &Some(3.0)); option_reference(2.0, &None);

    #[differentiable]
    fn let_else(x: f64, y: Option<f64>) -> f64 {
        let Some(z) = y else { return x * x };
        let w = z * x;
        w * z
    }
    // check: let_else(2.0, Some(3.0)); let_else(2.0, None);

    #[differentiable]
    fn early_return_in_closure(x: f64) -> f64 {
        let f = |a: f64| {
            if a > 1.0 {
                return a * x;
            }
            a
        };
        f(x) + f(x * 2.0)
    }
    // check: early_return_in_closure(0.7); early_return_in_closure(0.3); early_return_in_closure(1.7);

    #[differentiable]
    fn references_by_pattern(&a: &f64, (ref b, c): (f64, &f64)) -> f64 {
        a * *b + *c * a
    }
    // check: 

    #[differentiable]
    fn partly_moved(h: Heavy) -> f64 {
        let w = h.weights;
        let s = h.bias * h.pair.1;
        let p = h.pair;
        (&w * &w).sum() * s + p.0
    }
    // check: partly_moved(h.clone());

    #[differentiable]
    fn shadowed_name(x: f64) -> f64 {
        use geometry::three;
        let y = three(x, 2.0, x);
        {
            use geometry::deeper::three;
            three(y, x, 0.5) + self::three(x, y, 0.1)
        }
    }
    // check: shadowed_name(1.3);

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
    // check: late_initialised(0.7, true); late_initialised(0.7, false);
