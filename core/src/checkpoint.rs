//! Loop schedules: the reverse sweep through a loop without a tape.
//!
//! Going back through an iteration takes the state that it began with. Of the states of all iterations, a fixed number is
//! kept at any time; the others are computed again from the nearest one before. With `c` slots and `r` runs of each iteration,
//! binomial checkpointing (treeverse: Griewank, *Optimization Methods and Software* 1, 1992) goes back through `(c + r)! / (c! r!)` iterations, and no schedule
//! goes back through more.

use core::mem::size_of;

/// Goes back through `count` iterations, the first of which begins with `state`.
///
/// `advance` runs an iteration: it is given its index and the state it begins with, and gives the one it ends with. `back` goes
/// back through an iteration. It is called once for each, from the last to the first.
///
/// ```
/// let mut states = Vec::new();
/// tapeless::checkpoint::reverse(1000, 0, |index, state| state + index, |index, state| states.push((index, state)));
/// assert_eq!(states[0], (999, 998 * 999 / 2));
/// assert_eq!(states[999], (0, 0));
/// ```
#[inline]
pub fn reverse<S: Clone>(count: usize, state: S, advance: impl FnMut(usize, S) -> S, back: impl FnMut(usize, S)) {
    // Some kilobytes of stack at most, unless single states are larger.
    match size_of::<S>() {
        0..=64 => reverse_with::<S, 64>(count, state, advance, back),
        65..=512 => reverse_with::<S, 24>(count, state, advance, back),
        _ => reverse_with::<S, 8>(count, state, advance, back),
    }
}

/// [`reverse`] with the given number of slots for states.
#[inline]
pub fn reverse_with<S: Clone, const SLOTS: usize>(
    count: usize,
    state: S,
    mut advance: impl FnMut(usize, S) -> S,
    mut back: impl FnMut(usize, S),
) {
    if size_of::<S>() == 0 {
        // Iterations that need nothing of each other.
        (0..count).rev().for_each(|index| back(index, state.clone()));
        return;
    }
    let mut slots: [Option<S>; SLOTS] = [const { None }; SLOTS];
    if count <= SLOTS {
        // Every state has a slot.
        let mut state = Some(state);
        for (index, slot) in slots[..count].iter_mut().enumerate() {
            let begun = state.take();
            if index + 1 < count {
                state = begun.clone().map(|begun| advance(index, begun));
            }
            *slot = begun;
        }
        for (index, slot) in slots[..count].iter_mut().enumerate().rev() {
            if let Some(begun) = slot.take() {
                back(index, begun);
            }
        }
        return;
    }
    sweep(0, count, state, &mut slots, &mut advance, &mut back);
}

/// Goes back from iteration `end` to `begin`, which begins with `state`.
fn sweep<S: Clone>(
    begin: usize,
    mut end: usize,
    state: S,
    free: &mut [Option<S>],
    advance: &mut impl FnMut(usize, S) -> S,
    back: &mut impl FnMut(usize, S),
) {
    while end - begin > 1 {
        let count = end - begin;
        let middle = match free.split_first_mut() {
            // No slot: every iteration is reached from the first one.
            None => end - 1,
            Some(_) => begin + first_part(count, free.len()),
        };
        let mut reached = state.clone();
        for index in begin..middle {
            reached = advance(index, reached);
        }
        match free.split_first_mut() {
            None => back(middle, reached),
            Some((slot, rest)) => {
                *slot = Some(reached);
                if let Some(reached) = slot.take() {
                    sweep(middle, end, reached, rest, advance, back);
                }
            }
        }
        end = middle;
    }
    if end > begin {
        back(begin, state);
    }
}

/// How many of `count` iterations come before the next state that is kept, with `slots` free for it and later ones.
fn first_part(count: usize, slots: usize) -> usize {
    if count <= slots + 1 {
        return 1;
    }
    // The least number of runs with which this many slots suffice.
    let mut runs = 0;
    while reach(slots, runs) < count {
        runs += 1;
    }
    // The second part has one slot less and as many runs.
    count.saturating_sub(reach(slots - 1, runs)).clamp(1, count - 1)
}

/// How many iterations can be gone back through with so many slots and runs: the binomial coefficient of `slots + runs` and
/// `runs`.
fn reach(slots: usize, runs: usize) -> usize {
    (1..=runs).fold(1_usize, |reach, run| reach.saturating_mul(slots + run) / run)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    /// Goes back through iterations whose state is their index; gives how often one was run.
    fn runs<const SLOTS: usize>(count: usize) -> usize {
        let mut runs = 0;
        let mut seen = Vec::new();
        reverse_with::<usize, SLOTS>(
            count,
            0,
            |index, state| {
                assert_eq!(index, state);
                runs += 1;
                state + 1
            },
            |index, state| {
                assert_eq!(index, state);
                seen.push(index);
            },
        );
        let expected: Vec<_> = (0..count).rev().collect();
        assert_eq!(seen, expected);
        runs
    }

    #[test]
    fn every_iteration_is_gone_back_through_once_in_order() {
        for count in 0..70 {
            runs::<0>(count);
            runs::<1>(count);
            runs::<2>(count);
            runs::<3>(count);
            runs::<8>(count);
            runs::<64>(count);
        }
    }

    #[test]
    fn iterations_run_as_rarely_as_the_slots_allow() {
        // All states fit.
        assert_eq!(runs::<64>(64), 63);
        // Without slots, the square.
        assert_eq!(runs::<0>(100), 99 * 100 / 2);
        // Between: with 10 slots, 66 iterations are within two runs of each.
        assert!(runs::<10>(66) <= 2 * 66);
        assert!(runs::<32>(1_000_000) <= 6 * 1_000_000);
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
