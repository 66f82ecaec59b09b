//! Loop schedules: the reverse sweep through a loop without a tape.
//!
//! Going back through an iteration takes what its rules read. The loop is run again for that, piece by piece, the last piece
//! first: what the iterations of a piece leave behind fits a [`Store`] on the stack, and is used up before the next piece is
//! run. A piece is reached from the nearest state before it that was saved, and the number of states that are saved at any time is
//! fixed too. With `c` places for states and `r` runs of each iteration,
//! binomial checkpointing (treeverse: Griewank, *Optimization Methods and Software* 1, 1992) goes back through `(c + r)! / (c! r!)` pieces, and no schedule
//! goes back through more.
//!
//! What a loop takes of the stack is therefore known when it is compiled: 32 KiB for what iterations leave behind, and what one more does,
//! and 4 KiB and four more states of the loop. In a function that calls itself, whose calls are on the stack together, it is 1 KiB, and as many
//! states.

mod store;

use core::ops::Range;

use crate::differentiable::Differentiable;

#[cfg(feature = "alloc")]
pub use store::HeapStore;
pub use store::Store;

/// What to do next on the way back through a loop.
#[derive(Debug, PartialEq, Eq)]
pub enum Action<S> {
    /// Go on from this state.
    Load(S),
    /// Hand the present state to [`Plan::save`].
    Save,
    /// Run these iterations.
    Advance(Range<usize>),
    /// Run these iterations, as long as there is room for what they leave behind, and tell [`Plan::recorded`] how many were run.
    Record(Range<usize>),
    /// Go back through these iterations, the last one first.
    Back(Range<usize>),
    /// The first iteration has been gone back through.
    Done,
}

/// The way back through a loop, action by action.
///
/// ```
/// use tapeless::checkpoint::{Action, Plan, Store};
///
/// // Iteration `i` adds `i` to the state. At most four of them are recorded at a time.
/// let mut states = Store::<_, 2, 0>::new();
/// states.push((0, 0));
/// let mut plan = Plan::new(&mut states, 0, 1000, 4, true);
/// let (mut state, mut records, mut passed) = (0, Vec::new(), Vec::new());
/// loop {
///     match plan.next() {
///         Action::Load(saved) => state = saved,
///         Action::Save => plan.save(state),
///         Action::Advance(range) => state += range.sum::<usize>(),
///         Action::Record(range) => {
///             plan.recorded(range.len());
///             for index in range {
///                 records.push(state);
///                 state += index;
///             }
///         }
///         Action::Back(range) => passed.extend(range.rev().map(|_| records.pop())),
///         Action::Done => break,
///     }
/// }
/// assert_eq!(passed.len(), 1000);
/// assert_eq!(passed[0], Some(998 * 999 / 2));
/// assert_eq!(passed[999], Some(0));
/// ```
#[derive(Debug)]
pub struct Plan<'s, S, const FIXED: usize, const WORDS: usize> {
    /// States by the iterations that begin with them, in order, on top of others that have nothing to do with this plan.
    saved: &'s mut Store<(usize, S), FIXED, WORDS>,
    /// How many others.
    others: usize,
    /// From this iteration on, all have been gone back through.
    end: usize,
    /// The iteration that begins with the present state, if there is one.
    at: Option<usize>,
    /// This many iterations were recorded before the plan began.
    before: usize,
    /// How many iterations are recorded together.
    length: usize,
    /// True if that many are known to fit.
    exact: bool,
    /// True if more might fit.
    grows: bool,
    /// Iterations that have been recorded and not been gone back through.
    pending: Option<Range<usize>>,
    /// How many states are saved at a time, if there is room.
    places: usize,
}

/// How many scalars on the heap the states of a plan hold in all, beside those in fixed places.
const SCALARS: usize = 4096;

impl<'s, S: Clone, const FIXED: usize, const WORDS: usize> Plan<'s, S, FIXED, WORDS> {
    /// The way back through `count` iterations.
    ///
    /// The first `before` of them have been recorded already; the state that the next one begins with, if there is one, is the last in `saved`, where
    /// the plan saves others. There is `room` for the records of so many iterations, or for fewer unless that is `exact`.
    #[inline]
    #[must_use]
    pub fn new(
        saved: &'s mut Store<(usize, S), FIXED, WORDS>,
        before: usize,
        count: usize,
        room: usize,
        exact: bool,
    ) -> Self {
        let others = saved.len() - usize::from(before < count);
        Self {
            saved,
            others,
            end: count,
            at: None,
            before,
            length: if exact { room.max(1) } else { room.clamp(1, 64) },
            exact,
            grows: true,
            pending: None,
            places: usize::MAX,
        }
    }

    /// Counts with states that each hold a copy of `value`. The more there is on the heap, the fewer of them there are at a time:
    /// copying a long vector takes longer than running many iterations again. There are always as many as have a fixed place.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn with_copies_of<X: Differentiable>(mut self, value: &X) -> Self {
        if core::mem::needs_drop::<X>() {
            let leaves = value.leaf_count();
            let scalars = if leaves == 0 { 0 } else { leaves * value.leaf(0).len() };
            self.places = self.places.min((SCALARS / scalars.max(1)).max(FIXED));
        }
        self
    }

    /// How many more states can be saved.
    fn free(&self) -> usize {
        let own = self.saved.len() - self.others;
        let room = self.saved.capacity() - self.saved.len();
        room.min(self.places.saturating_sub(own))
    }

    /// What to do first. If everything has been recorded, nothing needs to be planned.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn first(&mut self) -> Action<S> {
        if self.before < self.end || self.end == 0 {
            return self.next();
        }
        Action::Back(0..core::mem::take(&mut self.before))
    }

    /// What to do next. Behind [`Action::Back`] that goes back to the first iteration, there is nothing to do.
    #[inline(never)]
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Action<S> {
        if let Some(range) = self.pending.take() {
            self.end = range.start;
            self.at = None;
            // Nothing comes back to these.
            while self.saved.len() > self.others && self.saved.last().is_some_and(|(begin, _)| *begin >= self.end) {
                self.saved.truncate(self.saved.len() - 1);
            }
            return Action::Back(range);
        }
        if let Some(at) = self.at {
            return self.go_on(at);
        }
        if self.saved.len() > self.others
            && let Some((begin, state)) = self.saved.last()
        {
            self.at = Some(*begin);
            // Nothing comes back to a state if all iterations behind it are recorded now.
            let state = if self.exact && self.end - *begin <= self.length {
                self.saved.pop().1
            } else {
                state.clone()
            };
            return Action::Load(state);
        }
        match core::mem::take(&mut self.before) {
            0 => Action::Done,
            before => Action::Back(0..before),
        }
    }

    /// The present state begins iteration `at`.
    fn go_on(&mut self, at: usize) -> Action<S> {
        let left = self.end - at;
        if left <= self.length {
            return Action::Record(at..self.end);
        }
        let is_saved = self.saved.len() > self.others && self.saved.last().is_some_and(|(begin, _)| *begin == at);
        if !is_saved && self.free() > 0 {
            return Action::Save;
        }
        let pieces = left.div_ceil(self.length);
        let to = match self.free() {
            // No place: every piece is reached from this state.
            0 => self.end - self.length,
            free => at + self.length * first_part(pieces, free),
        };
        self.at = Some(to);
        Action::Advance(at..to)
    }

    /// Saves the present state.
    #[inline]
    pub fn save(&mut self, state: S) {
        if let Some(at) = self.at {
            self.saved.push((at, state));
        }
    }

    /// So many iterations have been recorded. False if the records are of no use and must be dropped.
    ///
    /// # Panics
    /// If there are none.
    #[inline]
    pub fn recorded(&mut self, count: usize) -> bool {
        assert!(count > 0, "there is room for at least one record");
        let Some(at) = self.at else { return false };
        if at + count < self.end {
            self.at = Some(at + count);
            self.length = count;
            self.grows = false;
            return false;
        }
        if self.grows && !self.exact {
            self.length = self.length.saturating_mul(2);
        }
        self.pending = Some(at..self.end);
        true
    }
}

/// How many of `count` pieces come before the next state that is saved, with `free` places for it and later ones.
fn first_part(count: usize, free: usize) -> usize {
    if count <= free + 1 {
        return 1;
    }
    // The least number of runs with which this many places suffice.
    let mut runs = 0;
    while reach(free, runs) < count {
        runs += 1;
    }
    // The second part has one place less and as many runs.
    count.saturating_sub(reach(free - 1, runs)).clamp(1, count - 1)
}

/// How many pieces can be gone back through with so many places and runs: the binomial coefficient of `places + runs` and
/// `runs`.
fn reach(places: usize, runs: usize) -> usize {
    (1..=runs).fold(1_usize, |reach, run| reach.saturating_mul(places + run) / run)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    /// Goes back through iterations whose state is their index, with room for so many records; gives how often one was run
    /// without being recorded.
    fn runs<const PLACES: usize>(before: usize, count: usize, room: impl Fn(usize) -> usize, exact: bool) -> usize {
        let mut runs = 0;
        let mut seen = Vec::new();
        let mut records: Vec<usize> = (0..before).collect();
        let mut states = Store::<_, PLACES, 0>::new();
        if before < count {
            states.push((before, before));
        }
        let mut plan = Plan::new(&mut states, before, count, room(0), exact);
        let mut present = usize::MAX;
        let mut action = plan.first();
        loop {
            match action {
                Action::Load(state) => present = state,
                Action::Save => plan.save(present),
                Action::Advance(range) => {
                    assert_eq!(range.start, present);
                    runs += range.len();
                    present = range.end;
                }
                Action::Record(range) => {
                    assert_eq!(range.start, present);
                    let possible = room(range.start).min(range.len());
                    records.extend((range.start..).take(possible));
                    present += possible;
                    if !plan.recorded(possible) {
                        runs += possible;
                        records.truncate(before);
                    }
                }
                Action::Back(range) => {
                    let first = range.start;
                    for index in range.rev() {
                        assert_eq!(records.pop(), Some(index));
                        seen.push(index);
                    }
                    if first == 0 {
                        break;
                    }
                }
                Action::Done => break,
            }
            action = plan.next();
        }
        let expected: Vec<_> = (0..count).rev().collect();
        assert_eq!(seen, expected);
        assert!(states.is_empty(), "states are left over");
        runs
    }

    /// The most states that are there at a time, where each holds a copy of a vector of this length.
    #[cfg(feature = "alloc")]
    fn most_states(len: usize) -> usize {
        let vector = std::vec![0.0; len];
        let mut states = Store::<(usize, Vec<f64>), 4, 512>::new();
        states.push((0, vector.clone()));
        let mut plan = Plan::new(&mut states, 0, 10_000, 10, true).with_copies_of(&vector);
        let (mut gone_back, mut most) = (0, 0);
        let mut action = plan.first();
        loop {
            match action {
                Action::Load(_) | Action::Advance(_) => {}
                Action::Save => plan.save(vector.clone()),
                Action::Record(range) => assert!(plan.recorded(range.len())),
                Action::Back(range) => {
                    gone_back += range.len();
                    if range.start == 0 {
                        break;
                    }
                }
                Action::Done => break,
            }
            most = most.max(plan.saved.len());
            action = plan.next();
        }
        assert_eq!(gone_back, 10_000);
        most
    }

    #[test]
    #[cfg(feature = "alloc")]
    fn large_states_are_few() {
        let [of_long, of_short, of_very_short] = [1_000_000, 400, 10].map(most_states);
        assert!((2..=4).contains(&of_long), "{of_long}");
        assert!((5..=10).contains(&of_short), "{of_short}");
        assert!(of_very_short > 100, "{of_very_short}");
    }

    #[test]
    fn every_iteration_is_gone_back_through_once_in_order() {
        for count in 0..70 {
            for room in [1, 2, 3, 7, 64, 100] {
                for before in [0, 1, 5] {
                    let before = before.min(count);
                    runs::<1>(before, count, |_| room, true);
                    runs::<2>(before, count, |_| room, true);
                    runs::<3>(before, count, |_| room, true);
                    runs::<8>(before, count, |_| room, true);
                    runs::<64>(before, count, |_| room, true);
                    // The room differs between iterations.
                    runs::<1>(before, count, |at| 1 + at * 5 % (room + 1), false);
                    runs::<2>(before, count, |at| 1 + at * 5 % (room + 1), false);
                    runs::<8>(before, count, |at| 1 + at * 7 % (room + 1), false);
                }
            }
        }
    }

    #[test]
    fn iterations_run_as_rarely_as_the_places_allow() {
        // All records fit.
        assert_eq!(runs::<1>(0, 64, |_| 64, true), 0);
        // All states are saved.
        assert_eq!(runs::<64>(0, 64, |_| 1, true), 63);
        // One place for the first state and records of one iteration: the square.
        assert_eq!(runs::<1>(0, 100, |_| 1, true), 99 * 100 / 2);
        // Between: with 10 places beside the first, 66 iterations are within two runs of each.
        assert!(runs::<11>(0, 66, |_| 1, true) <= 2 * 66);
        assert!(runs::<33>(0, 1_000_000, |_| 1, true) <= 6 * 1_000_000);
        assert!(runs::<65>(0, 1_000_000, |_| 500, true) <= 2 * 1_000_000);
    }

    #[test]
    fn the_reach_is_the_binomial_coefficient() {
        assert_eq!(reach(3, 2), 10);
        assert_eq!(reach(0, 7), 1);
        assert_eq!(reach(4, 0), 1);
        // Where the coefficient overflows, it stays larger than any number of iterations.
        assert!(reach(64, 64) > 1 << 50);
    }
}
