//! Branches, loops and how control leaves them, iterator chains, recursion.

/// The functions, for one scalar type and with one set of options.
macro_rules! control_flow {
    ($T:ident, $($options:tt)*) => {
        #[differentiable($($options)*)]
        pub fn branches(x: &[$T; 4], n: usize) -> $T {
            let s = x[0] * x[1];
            let t = if s > 0.0 { s * x[2] } else if x[3] < 0.5 { s.exp() } else { s - x[3] };
            match n {
                0 => t * t,
                1 | 2 => t * x[0],
                _ if t > 0.3 => t.sin(),
                3..=6 => t * x[1] * x[1],
                _ => x[2] * x[3],
            }
        }

        #[differentiable($($options)*)]
        pub fn shadowed(x: &[$T; 4], n: usize) -> $T {
            let y = x[0];
            let y = { let y = y * x[1]; y * y + x[2] };
            let Some(z) = (if n > 1 { Some(y * x[3]) } else { None }) else {
                return y.cos();
            };
            let (y, z) = (z, y);
            y * z
        }

        #[differentiable($($options)*)]
        pub fn fixed_range(x: &[$T; 4], _n: usize) -> $T {
            let mut y = x[0];
            for i in 0..6 {
                y = (y * x[1] + x[i % 4]).sin();
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn range(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for i in 0..n {
                y = (y * x[1] + x[i % 4] * 0.5).sin();
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn inclusive_range(x: &[$T; 4], n: usize) -> $T {
            let mut y = 1.0;
            for i in 1..=n {
                y = y * x[i % 4] + x[0] / (i as $T);
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn reversed_range(x: &[$T; 4], n: usize) -> $T {
            // Horner's method.
            let mut y = 0.0;
            for i in (0..n).rev() {
                y = y * x[0] * 0.7 + x[i % 4];
            }
            y * y
        }

        #[differentiable($($options)*)]
        pub fn stepped_range(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for i in (1..n + 2).step_by(2) {
                y = (y + x[i % 4]).tanh() * x[(i + 1) % 4];
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn sums(x: &[$T; 4], n: usize) -> $T {
            let (mut s, mut t) = (0.0, x[3]);
            for i in 0..n {
                let u = (x[i % 4] * (i as $T)).sin();
                s += u * u;
                t += u * x[0];
            }
            s * t
        }

        #[differentiable($($options)*)]
        pub fn over_arrays(x: &[$T; 4], n: usize) -> $T {
            let mut y = n as $T * 0.1;
            for v in x {
                y = y * v + v * v;
            }
            for v in [x[0], y, 2.0] {
                y += v * x[1];
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn over_slices(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for v in &x[..n.min(4)] {
                y = y * *v + 0.5;
            }
            for v in x[1..].iter().rev() {
                y += v * v * y;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn over_vectors(x: &[$T; 4], n: usize) -> $T {
            let mut v = vec![x[0]; n];
            for (i, e) in v.iter_mut().enumerate() {
                *e *= x[i % 4] + (i as $T) * 0.1;
            }
            let mut y = x[3];
            for e in v.iter() {
                y = (y + e).sin();
            }
            for e in v {
                y += e * e;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn zipped(x: &[$T; 4], n: usize) -> $T {
            let w = vec![x[1]; n];
            let mut y = 0.1;
            for (i, (a, b)) in x.iter().zip(&w).enumerate() {
                y = y * a + b * (i as $T);
            }
            y * x[0]
        }

        #[differentiable($($options)*)]
        pub fn pieces(x: &[$T; 4], n: usize) -> $T {
            let mut v = vec![0.5; n + 1];
            v[0] = x[0];
            for i in 1..v.len() {
                v[i] = v[i - 1] * x[i % 4];
            }
            let mut y = x[1];
            for c in v.chunks(2) {
                y = y * 0.5 + c[0] * c[c.len() - 1];
            }
            for w in v.windows(2) {
                y += (w[1] - w[0]) * y;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn while_loop(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            let mut i = 0;
            while i < n && y < 20.0 {
                y = y * (1.0 + x[1] * 0.1) + 0.1 * x[2];
                i += 1;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn while_let_loop(x: &[$T; 4], n: usize) -> $T {
            let mut left = n;
            let mut y = x[3];
            while let Some(next) = left.checked_sub(1) {
                y = (y * x[next % 4] + x[0]).cos();
                left = next;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn loop_with_value(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            let mut i = 0;
            let last = loop {
                y = y * y * 0.5 + x[i % 4] * 0.3;
                if y > 3.0 {
                    break y * x[1];
                }
                if i >= n {
                    break y.sin();
                }
                i += 1;
            };
            last * y
        }

        #[differentiable($($options)*)]
        pub fn labels(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            'outer: for i in 0..n {
                for j in 0..3 {
                    if (i + j) % 5 == 4 {
                        continue 'outer;
                    }
                    if y > 5.0 {
                        break 'outer;
                    }
                    if j == i {
                        continue;
                    }
                    y += x[j] * y * 0.3;
                }
                y *= x[3];
            }
            let z = 'block: {
                if y < 0.2 {
                    break 'block y * x[1];
                }
                y * y
            };
            z + y
        }

        #[differentiable($($options)*)]
        pub fn early_return(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for i in 0..n {
                for j in 0..=i {
                    y = (y * x[j % 4]).sin() + 0.2 * x[i % 4];
                    if y > 0.9 {
                        return y * y * x[2];
                    }
                }
                if i > 6 {
                    return x[3] * y;
                }
            }
            y
        }

        #[differentiable($($options)*)]
        fn root(x: $T) -> Option<$T> {
            if x < 0.0 { None } else { Some(x.sqrt()) }
        }

        #[differentiable($($options)*)]
        fn roots(x: &[$T; 4], n: usize) -> Option<$T> {
            let mut y = root(x[0] + 1.0)?;
            for i in 0..n {
                y = root(y - x[i % 4] * 0.5)? * x[1];
            }
            Some(y)
        }

        #[differentiable($($options)*)]
        pub fn question_marks(x: &[$T; 4], n: usize) -> $T {
            match roots(x, n) {
                Some(y) => y * y * x[2],
                None => x[0] * x[3],
            }
        }

        #[differentiable($($options)*)]
        fn quotient(a: $T, b: $T) -> Result<$T, usize> {
            if b < 0.05 {
                return Err(7);
            }
            Ok(a / b)
        }

        #[differentiable($($options)*)]
        fn fraction(x: &[$T; 4], n: usize) -> Result<$T, usize> {
            let mut y = x[0];
            for i in 0..n {
                y = quotient(y * 0.4 + x[1], x[i % 4] + y)?;
            }
            Ok(y * x[2])
        }

        #[differentiable($($options)*)]
        pub fn results(x: &[$T; 4], n: usize) -> $T {
            match fraction(x, n) {
                Ok(y) => y + x[0],
                Err(_) => x[3] * x[1],
            }
        }

        #[differentiable($($options)*)]
        pub fn nested_loops(x: &[$T; 4], n: usize) -> $T {
            let mut total = 0.0;
            for i in 0..n {
                let mut inner = x[i % 4];
                for j in 0..=i % 3 {
                    let mut k = 0;
                    while k < j {
                        inner = (inner * x[1] + x[k]).sin();
                        k += 1;
                    }
                    total += inner * x[j];
                }
            }
            total
        }

        #[differentiable($($options)*)]
        pub fn floats_that_count(x: &[$T; 4], n: usize) -> $T {
            // Euler's method with a step that depends on what is differentiated.
            let step = 0.2 + 0.01 * x[0];
            let (mut t, mut y) = (0.0, x[1]);
            while t < n as $T * 0.2 + 0.1 {
                y += step * (x[2] - y * t);
                t += step;
            }
            y * t
        }

        #[differentiable($($options)*)]
        pub fn chain_of_sums(x: &[$T; 4], n: usize) -> $T {
            let k = x[0] * x[1];
            let a: $T = x.iter().zip(x[1..].iter()).map(|(a, b)| a * b * k).sum();
            let b = x.iter().skip(1).take(n).map(|a| a.sin()).sum::<$T>();
            a * b + x.iter().map(|a| a * a).product::<$T>()
        }

        #[differentiable($($options)*)]
        pub fn folds(x: &[$T; 4], n: usize) -> $T {
            let a = x.iter().fold(0.5, |s, v| s * v + 1.0);
            let b = (0..n).fold(x[2], |s, i| (s * x[i % 4]).cos());
            a * b
        }

        #[differentiable($($options)*)]
        pub fn choices(x: &[$T; 4], n: usize) -> $T {
            let v: Vec<$T> = (0..n + 1).map(|i| x[i % 4] * (1.0 + 0.3 * i as $T)).collect();
            let most = v.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap_or(x[0]);
            let least = v.iter().copied().fold(100.0, <$T>::min);
            most * least + v.iter().filter(|a| **a > 0.4).map(|a| a * a).sum::<$T>()
        }

        #[differentiable($($options)*)]
        pub fn filtered(x: &[$T; 4], n: usize) -> $T {
            let mut y = 0.2;
            for (i, v) in x.iter().enumerate().filter(|(i, _)| i % 3 != n % 3) {
                y = (y + v * (i as $T)).sin();
            }
            y + (0..n).filter(|i| i % 2 == 0).map(|i| x[i % 4] * x[0]).sum::<$T>()
        }

        #[differentiable($($options)*)]
        pub fn collected(x: &[$T; 4], n: usize) -> $T {
            let squares = x.map(|v| v * v);
            let v: Vec<$T> = squares.iter().zip(x).map(|(a, b)| a * b + squares[0]).collect();
            v[n % 4] * v[(n + 1) % 4]
        }

        #[differentiable($($options)*)]
        pub fn closures(x: &[$T; 4], n: usize) -> $T {
            let k = x[0] * x[1];
            let f = |a: $T, b: $T| a * b * k + x[2];
            let mut y = x[3];
            for _ in 0..n {
                y = f(y, 0.5).tanh();
            }
            f(y, y)
        }

        #[differentiable($($options)*)]
        fn power(x: $T, y: $T, n: usize) -> $T {
            if n == 0 || y > 4.0 {
                return y;
            }
            x * power(x, y * x + 0.1, n - 1)
        }

        #[differentiable($($options)*)]
        fn tree(x: &[$T; 4], depth: usize, y: $T) -> $T {
            if depth == 0 {
                return x[0] * y;
            }
            let left = tree(x, depth - 1, y * x[1]);
            left.sin() * tree(x, depth - 1, left + x[2])
        }

        #[differentiable($($options)*)]
        pub fn recursive(x: &[$T; 4], n: usize) -> $T {
            power(x[0], x[1], n) + tree(x, n % 4, x[3])
        }

        #[differentiable($($options)*)]
        pub fn steps(x: &[$T; 4], n: usize) -> $T {
            // The derivative of a conversion to an integer is zero.
            let z = x[0] * (n as $T) + 0.33;
            let k = z as usize;
            let rest = z - k as $T;
            x[k % 4] * (1.0 - rest) + x[(k + 1) % 4] * rest + x[1].floor() * x[2]
        }
    };
}

/// Calls a macro with the names of the functions.
macro_rules! control_flow_samples {
    ($then:ident!($($arguments:tt)*)) => {
        $then!(
            $($arguments)*
            branches shadowed fixed_range range inclusive_range reversed_range stepped_range sums over_arrays over_slices
            over_vectors zipped pieces while_loop while_let_loop loop_with_value labels early_return question_marks results
            nested_loops floats_that_count chain_of_sums folds choices filtered collected closures recursive steps
        );
    };
}
