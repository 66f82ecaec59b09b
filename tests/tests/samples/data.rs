//! Slices, vectors, arrays, matrices; writes to them; structs, enums, methods, traits; functions as values.

/// The functions, for one scalar type and with one set of options.
macro_rules! data {
    ($T:ident, $($options:tt)*) => {
        #[differentiable($($options)*)]
        fn total(xs: &[$T]) -> $T {
            let mut s = 0.0;
            for x in xs {
                s = s * 0.5 + x * x;
            }
            s
        }

        #[differentiable($($options)*)]
        pub fn slices(x: &[$T; 4], n: usize) -> $T {
            let v = vec![x[1]; n];
            let k = n % 4;
            total(x) * total(&x[k..]) + total(&x[..k]) + total(&v) + total(&[x[0], x[2] * x[3]])
        }

        #[differentiable($($options)*)]
        pub fn indices(x: &[$T; 4], n: usize) -> $T {
            let order = [2, 0, 3, 1];
            let mut places = vec![0; n];
            for i in 0..n {
                places[i] = order[(i * 3 + 1) % 4];
            }
            let mut y = x[order[n % 4]];
            for i in 0..n {
                y = (y * x[places[i]] + x[order[i % 4]]).sin();
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn nested_arrays(x: &[$T; 4], n: usize) -> $T {
            let mut m = [[x[0], 0.5], [x[1], x[2]]];
            for i in 0..n {
                m[i % 2][(i / 2) % 2] += m[(i + 1) % 2][0] * x[3] * 0.3;
                m[1][i % 2] *= x[0];
            }
            m[0][0] * m[1][1] - m[0][1] * m[1][0]
        }

        #[differentiable($($options)*)]
        pub fn nested_vectors(x: &[$T; 4], n: usize) -> $T {
            let mut rows = vec![vec![x[0]; 2]; n + 1];
            for i in 0..n {
                rows[i + 1][0] = rows[i][0] * x[i % 4] + rows[i][1];
                rows[i + 1][1] = rows[i][0] * 0.5;
            }
            let mut y = 0.0;
            for row in &rows {
                y = y * 0.5 + row[0] * row[1];
            }
            y + rows[n][1]
        }

        #[differentiable($($options)*)]
        pub fn matrices(x: &[$T; 4], n: usize) -> $T {
            let m: Matrix<2, 2, $T> = Matrix::from_rows([[x[0], x[1]], [x[2], x[3]]]);
            let mut v: Matrix<2, 1, $T> = Matrix::from_rows([[x[3]], [0.5]]);
            for i in 0..n {
                v = (m * v).tanh();
                v[(i % 2, 0)] += x[i % 4];
            }
            v.dot(&v) + m[(0, 1)] * m.trace()
        }

        #[differentiable($($options)*)]
        pub fn scratch(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for i in 0..n {
                let mut room = vec![0.0; 3];
                room[0] = y * x[1];
                room[1] = room[0].sin() * x[i % 4];
                room[2] += room[0] * room[1];
                y = room[1] + room[2] * 0.5;
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn pushed(x: &[$T; 4], n: usize) -> $T {
            let mut v = Vec::new();
            v.push(x[0]);
            for i in 0..n {
                v.push((v[i] * x[i % 4] + x[1]).sin());
            }
            v[n] * v[n / 2]
        }

        #[differentiable($($options)*)]
        pub fn writes(x: &[$T; 4], n: usize) -> $T {
            let mut a = *x;
            for i in 0..n {
                a[i % 4] = a[(i + 1) % 4] * x[0];
                a[(i + 2) % 4] += a[i % 4] * 0.5;
                a[(i + 3) % 4] *= a[(i + 2) % 4];
                a[i % 4] -= x[2] / (1.0 + x[1] * x[1]);
            }
            a[0] * a[1] + a[2] * a[3]
        }

        #[differentiable($($options)*)]
        pub fn moves(x: &[$T; 4], n: usize) -> $T {
            let mut a = *x;
            let mut b = [x[0] * x[1]; 4];
            for i in 0..n {
                a.swap(i % 4, (i + 1) % 4);
                a[0] *= x[1];
                b.copy_from_slice(&a);
                b[0] += b[1] * b[2];
                if i == 2 {
                    a.fill(b[0]);
                }
            }
            a[0] * a[1] + a[2] * b[3] + a[3]
        }

        #[differentiable($($options)*)]
        pub fn replaced(x: &[$T; 4], n: usize) -> $T {
            let (mut a, mut b) = (x[0], x[1]);
            let mut pair = (x[2], [x[3], 0.5]);
            for _ in 0..n {
                std::mem::swap(&mut a, &mut b);
                let old = std::mem::replace(&mut a, b * 0.7);
                let taken = std::mem::take(&mut pair.1[0]);
                pair.0 += old * taken;
                pair.1[0] = (pair.0 * a).sin();
                pair = (pair.1[1] * a, [pair.1[0], pair.0 * 0.5]);
            }
            a * b + pair.0 * pair.1[0] + pair.1[1]
        }

        #[differentiable($($options)*)]
        pub fn local_references(x: &[$T; 4], n: usize) -> $T {
            let mut body = Body::new(x[0], x[1]);
            for i in 0..n {
                let p = &mut body.x;
                *p *= x[2];
                *p += x[i % 4];
                let v = &mut body.path[i % 2];
                *v = *v * x[3] + body.v;
            }
            body.x * body.path[0] + body.path[1]
        }

        #[differentiable($($options)*)]
        fn relax(xs: &mut [$T], k: $T) -> $T {
            let mut change = 0.0;
            for i in 1..xs.len() {
                let old = xs[i];
                xs[i] = (xs[i - 1] * k + old) * 0.5;
                change += (xs[i] - old) * (xs[i] - old);
            }
            change
        }

        #[differentiable($($options)*)]
        fn exchange(a: &mut $T, b: &mut $T, k: $T) {
            let old = *a;
            *a = *b * k;
            *b += old * old;
        }

        #[differentiable($($options)*)]
        pub fn mutable_parameters(x: &[$T; 4], n: usize) -> $T {
            let mut v = x.to_vec();
            let (mut a, mut b) = (x[0], x[3]);
            let mut y = 0.0;
            for _ in 0..n {
                y += relax(&mut v, x[1]);
                exchange(&mut a, &mut b, x[2] * 0.5);
            }
            y + v[3] * a + b
        }

        #[derive(Differentiable, Clone, Copy, Debug)]
        struct Body {
            x: $T,
            v: $T,
            path: [$T; 2],
            #[no_diff]
            steps: usize,
        }

        #[differentiable($($options)*)]
        impl Body {
            const STEP: $T = 0.1;

            fn new(x: $T, v: $T) -> Self {
                Self { x, v, path: [x * v, 0.5], steps: 0 }
            }

            fn pushed_by(self, force: $T) -> Self {
                Self { v: self.v + force * Self::STEP, ..self }
            }

            fn moved(mut self) -> Self {
                self.x += self.v * Self::STEP;
                self
            }

            fn step(&mut self, stiffness: $T) -> $T {
                self.v -= Self::STEP * stiffness * self.x.sin();
                self.x += Self::STEP * self.v;
                self.path[self.steps % 2] += self.x * self.v;
                self.steps += 1;
                self.x
            }

            fn energy(&self, stiffness: $T) -> $T {
                self.v * self.v + stiffness * self.x * self.x
            }

            fn count(&self) -> usize {
                self.steps
            }
        }

        #[differentiable($($options)*)]
        pub fn methods(x: &[$T; 4], n: usize) -> $T {
            let mut body = Body::new(x[0], x[1]).pushed_by(x[2]).moved();
            let mut y = 0.0;
            for _ in 0..n {
                y += body.step(x[3]) * (1 + body.count() % 2) as $T;
            }
            body.energy(x[3]) * y + Body::energy(&body, x[0]) + body.path[1]
        }

        #[differentiable($($options)*)]
        trait Shape {
            fn area(&self) -> $T;
            fn scaled_area(&self, k: $T) -> $T {
                self.area() * k * k
            }
        }

        #[derive(Differentiable, Clone, Copy, Debug)]
        struct Disc($T);

        #[derive(Differentiable, Clone, Copy, Debug)]
        struct Box2 {
            a: $T,
            b: $T,
        }

        #[differentiable($($options)*)]
        impl Shape for Disc {
            fn area(&self) -> $T {
                3.0 * self.0 * self.0
            }
        }

        #[differentiable($($options)*)]
        impl Shape for Box2 {
            fn area(&self) -> $T {
                self.a * self.b
            }
            fn scaled_area(&self, k: $T) -> $T {
                (self.a * k).sin() * self.b
            }
        }

        #[differentiable($($options)*)]
        fn cost<S: Shape + Differentiable>(shape: &S, k: $T, n: usize) -> $T {
            let mut y = shape.area();
            for _ in 0..n {
                y = (y * 0.3 + shape.scaled_area(k)).sin();
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn traits(x: &[$T; 4], n: usize) -> $T {
            cost(&Disc(x[0]), x[1], n) * cost(&Box2 { a: x[2], b: x[3] }, x[0], n)
        }

        #[differentiable($($options)*)]
        fn polynomial<T: Real, const N: usize>(coefficients: &[T; N], x: T) -> T {
            let mut y = T::ZERO;
            for i in (0..N).rev() {
                y = y * x + coefficients[i];
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn generics(x: &[$T; 4], n: usize) -> $T {
            let mut y = polynomial(x, 0.5);
            for _ in 0..n {
                y = polynomial(&[x[0], x[1] * 0.3, 0.1], y).tanh();
            }
            y
        }

        #[differentiable($($options)*)]
        pub fn options(x: &[$T; 4], n: usize) -> $T {
            let mut best = None;
            for i in 0..n {
                let value = (x[i % 4] * (i as $T)).sin() * x[0];
                best = match best {
                    Some(b) if b > value => Some(b),
                    _ => Some(value),
                };
            }
            let doubled = best.map(|b| b * x[1]);
            if let Some(b) = doubled { b * b + x[2] } else { x[3] * x[3] }
        }

        #[derive(Differentiable, Clone, Copy, Debug)]
        enum Event {
            Push($T),
            Turn { by: $T, #[no_diff] times: i32 },
            Rest,
        }

        #[differentiable($($options)*)]
        fn happens(event: &Event, state: $T) -> $T {
            match event {
                Event::Push(by) => state * by + 0.2,
                Event::Turn { by, times } => (state * by).sin() * by.powi(*times),
                Event::Rest => state,
            }
        }

        #[differentiable($($options)*)]
        pub fn enums(x: &[$T; 4], n: usize) -> $T {
            let mut y = x[0];
            for i in 0..n {
                let event = match i % 3 {
                    0 => Event::Push(x[i % 4] * y),
                    1 => Event::Turn { by: x[1], times: 2 },
                    _ => Event::Rest,
                };
                y = happens(&event, y) + x[2] * 0.1;
            }
            y
        }

        #[derive(Differentiable, Clone, Copy, Debug)]
        struct Metres($T);

        #[differentiable($($options)*)]
        fn longer(a: Metres, k: $T) -> Metres {
            let Metres(a) = a;
            Metres(a * k)
        }

        #[differentiable($($options)*)]
        pub fn newtypes(x: &[$T; 4], n: usize) -> $T {
            let mut length = Metres(x[0]);
            for i in 0..n {
                length = longer(length, x[i % 4] + 0.2);
                length.0 += x[1];
            }
            length.0 * x[2]
        }

        #[differentiable($($options)*)]
        fn bent(x: $T) -> $T {
            x * x.cos()
        }

        #[differentiable($($options)*)]
        fn surface(x: $T, y: $T) -> $T {
            x * y + y.sin()
        }

        #[differentiable($($options)*)]
        fn integrate<F: Callable<$T, Output = $T>>(f: F, a: $T, b: $T, n: usize) -> $T {
            let h = (b - a) / (n as $T + 1.0);
            let mut sum = 0.0;
            for i in 0..n + 1 {
                sum += f.call(a + (i as $T + 0.5) * h) * h;
            }
            sum
        }

        #[differentiable($($options)*)]
        fn iterate<F: Callable<($T, $T), Output = $T>>(f: &F, x: $T, k: $T, n: usize) -> $T {
            let mut x = x;
            for _ in 0..n {
                x = f.call((x, k)) * 0.5;
            }
            x
        }

        #[differentiable($($options)*)]
        pub fn functions_as_values(x: &[$T; 4], n: usize) -> $T {
            integrate(bent {}, x[0], x[1], n) * x[2] + iterate(&surface {}, x[2], x[3], n)
        }

        #[differentiable($($options)*)]
        pub fn stopped(x: &[$T; 4], n: usize) -> $T {
            let scale = stop_gradient(x[0] * 2.0);
            let mut y = x[1];
            for _ in 0..n {
                y = (y * x[2]).sin();
            }
            y * 0.5 + x[3] * 2.0 * y + (scale - scale)
        }

        #[differentiable($($options)*)]
        pub fn tuples(x: &[$T; 4], n: usize) -> $T {
            let mut state = (x[0], (x[1], [x[2], x[3]]));
            for i in 0..n {
                let (a, (b, c)) = state;
                state = ((a * b).sin(), (c[i % 2] * 0.9, [a * c[0], b]));
                state.1.1[1] += a;
            }
            state.0 + state.1.0 * state.1.1[0] * state.1.1[1]
        }
    };
}

/// Calls a macro with the names of the functions.
macro_rules! data_samples {
    ($then:ident!($($arguments:tt)*)) => {
        $then!(
            $($arguments)*
            slices indices nested_arrays nested_vectors matrices scratch pushed writes moves replaced local_references
            mutable_parameters methods traits generics options enums newtypes functions_as_values stopped tuples
        );
    };
}
