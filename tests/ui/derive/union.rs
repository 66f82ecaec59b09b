use tapeless::prelude::*;

#[derive(Differentiable)]
union Bits {
    value: f64,
    bits: u64,
}

fn main() {
    let bits = Bits { value: 1.0 };
    println!("{:x}", unsafe { bits.bits });
}
