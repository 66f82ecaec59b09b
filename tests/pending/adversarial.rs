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
