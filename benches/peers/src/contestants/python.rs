//! PyTorch and JAX: a script for each of them runs beside this program, is told on its standard input what to do, and
//! measures its own turns.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use serde_json::{Value, json};

use crate::measure::{Contestant, remote};
use crate::problems::{DT, PENDULUM, RATE, STEPS, Training, point};

/// A script that runs.
struct Session {
    child: Child,
    requests: ChildStdin,
    responses: BufReader<ChildStdout>,
}

impl Session {
    fn start(script: &str) -> Option<Self> {
        let interpreter = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(script);
        let mut child = Command::new(interpreter)
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        Some(Self {
            requests: child.stdin.take()?,
            responses: BufReader::new(child.stdout.take()?),
            child,
        })
    }

    /// Nothing if the script has ended, for want of the package that it uses.
    fn ask(&mut self, request: &Value) -> Option<Value> {
        writeln!(self.requests, "{request}").ok()?;
        self.requests.flush().ok()?;
        let mut line = String::new();
        self.responses.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The scripts that could be started.
pub(crate) struct Python {
    sessions: Vec<(&'static str, Rc<RefCell<Session>>)>,
}

impl Python {
    pub(crate) fn start() -> Self {
        let mut sessions = Vec::new();
        for (name, script) in [("PyTorch", "peer_torch.py"), ("JAX", "peer_jax.py")] {
            let session = Session::start(script).and_then(|mut session| {
                session.ask(&json!({"problem": "rosenbrock", "x": [0.5, 0.5]}))?;
                Some(session)
            });
            match session {
                Some(session) => sessions.push((name, Rc::new(RefCell::new(session)))),
                None => eprintln!("{name} does not take part: `python/{script}` does not run"),
            }
        }
        Self { sessions }
    }

    fn contestants(&self, problem: &Value) -> Vec<Option<Contestant<'static>>> {
        let contestant = |(name, session): &(&'static str, Rc<RefCell<Session>>)| {
            let answer = session.borrow_mut().ask(problem)?;
            let gradient = answer.as_array()?.iter().filter_map(Value::as_f64).collect();
            let (name, session) = (*name, session.clone());
            Some(remote(name, gradient, move |runs| {
                let answer = session.borrow_mut().ask(&json!({"runs": runs}));
                answer.and_then(|seconds| seconds.as_f64()).expect("seconds")
            }))
        };
        self.sessions.iter().map(contestant).collect()
    }

    pub(crate) fn rosenbrock<const N: usize>(&self) -> Vec<Option<Contestant<'static>>> {
        self.contestants(&json!({"problem": "rosenbrock", "x": point::<N>().to_vec()}))
    }

    pub(crate) fn pendulum(&self) -> Vec<Option<Contestant<'static>>> {
        self.contestants(&json!({"problem": "pendulum", "start": PENDULUM, "dt": DT, "steps": STEPS}))
    }

    fn trained(&self, problem: &str, t: &Training) -> Vec<Option<Contestant<'static>>> {
        self.contestants(&json!({
            "problem": problem,
            "sizes": [t.batch, t.inputs, t.hidden, t.outputs],
            "parameters": [t.w1, t.b1, t.w2, t.b2],
            "x": t.x,
            "targets": t.targets,
            "labels": t.labels,
            "rate": RATE,
        }))
    }

    pub(crate) fn digits(&self, training: &Training) -> Vec<Option<Contestant<'static>>> {
        self.trained("digits", training)
    }

    pub(crate) fn xor(&self, training: &Training) -> Vec<Option<Contestant<'static>>> {
        self.trained("xor", training)
    }
}
