//! One module for each contestant, with a function for each problem that it takes part in.

pub(crate) mod ad_trait;
pub(crate) mod burn;
pub(crate) mod candle;
pub(crate) mod dfdx;
pub(crate) mod generated;
pub(crate) mod hand;
pub(crate) mod num_dual;
pub(crate) mod python;
