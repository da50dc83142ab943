//! Capture files, written by hand and read back: formats, cuts, damage, chunks.

#[cfg(test)]
mod chunks;
#[cfg(test)]
mod compressed;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod pcap;
#[cfg(test)]
mod pcapng;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod writer;
