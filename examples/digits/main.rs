//! .
mod cli;
mod model;
mod training;
mod weights;
fn main() {
    let a = <cli::Arguments as clap::Parser>::parse();
    let data = tapeless_examples::data::DataSet::read(&a.data).unwrap();
    for seed in 0..10 {
        let t = std::time::Instant::now();
        let s = training::Settings { seed, ..a.settings() };
        let (_, h) = training::train(&data, &s, |_, _| {}).unwrap();
        println!("{seed} {:?} {:?}", h.last().unwrap(), t.elapsed());
    }
}
