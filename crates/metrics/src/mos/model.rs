//! The E-model for telephones with a narrow band (ITU-T G.107, 2015), with its default values (table 2) for what a
//! capture cannot tell. The names are those of the recommendation.

use std::time::Duration;

/// What differs from call to call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Conditions {
    /// Ta, and T; Tr is twice that.
    pub(super) delay: Duration,
    /// Ppl, 0 to 1.
    pub(super) loss_ratio: f64,
    /// Ie.
    pub(super) impairment: f64,
    /// Bpl.
    pub(super) robustness: f64,
    /// `BurstR`, at least 1.
    pub(super) burst_ratio: f64,
}

/// Send loudness rating, in decibels.
const SLR: f64 = 8.0;
/// Receive loudness rating.
const RLR: f64 = 2.0;
/// Overall loudness rating.
const OLR: f64 = SLR + RLR;
/// Sidetone masking rating.
const STMR: f64 = 15.0;
/// Listener sidetone rating.
const LSTR: f64 = 18.0;
/// D value of the telephone at the sending side.
const DS: f64 = 3.0;
/// Talker echo loudness rating.
const TELR: f64 = 65.0;
/// Weighted echo path loss.
const WEPL: f64 = 110.0;
/// Quantising distortion units.
const QDU: f64 = 1.0;
/// Noise of the circuit, in dBm0p.
const NC: f64 = -70.0;
/// Noise floor at the receiving side, in dBmp.
const NFOR: f64 = -64.0;
/// Noise in the room of the sender, in dB(A).
const PS: f64 = 35.0;
/// Noise in the room of the receiver.
const PR: f64 = 35.0;
/// Delay that nobody minds, in milliseconds; and how much people differ in that.
const MT_MS: f64 = 100.0;
const ST: f64 = 1.0;

/// Returns R, 0 to 100: `Ro - Is - Id - Ie-eff`; nothing is granted for convenience (A = 0).
pub(super) fn rate(conditions: &Conditions) -> f64 {
    let ro = signal_to_noise();
    let t = conditions.delay.as_secs_f64() * 1e3;
    (ro - simultaneous(ro, t) - delayed(ro, t) - equipment(conditions)).clamp(0.0, 100.0)
}

/// Returns the mean opinion score of R, 1.0 to 4.5 (annex B).
pub(super) fn opinion(rating: f64) -> f64 {
    let r = rating.clamp(0.0, 100.0);
    // The cubic is below 1 where R is below 6.5.
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).clamp(1.0, 4.5)
}

/// Ro, the signal by the noise (section 7.2).
fn signal_to_noise() -> f64 {
    15.0 - 1.5 * (SLR + noise())
}

/// No, all noise together, in dBm0p.
fn noise() -> f64 {
    let room_sent = PS - OLR - DS - 14.0;
    let nos = PS - SLR - DS - 100.0 + 0.004 * room_sent * room_sent;
    let pre = PR + 10.0 * (1.0 + decibels((10.0 - LSTR) / 10.0)).log10();
    let nor = RLR - 121.0 + pre + 0.008 * (pre - 35.0) * (pre - 35.0);
    let nfo = NFOR + RLR;
    10.0 * [NC, nos, nor, nfo].iter().map(|level| decibels(level / 10.0)).sum::<f64>().log10()
}

/// Is, what comes with the voice (section 7.3); `t` in milliseconds.
fn simultaneous(ro: f64, t: f64) -> f64 {
    let xolr = OLR + 0.2 * (64.0 + noise() - RLR);
    let iolr = 20.0 * (root(xolr / 8.0, 8.0) - xolr / 8.0);
    let stmro = -10.0 * (decibels(-STMR / 10.0) + (-t / 4.0).exp() * decibels(-TELR / 10.0)).log10();
    let ist = 12.0 * root((stmro - 13.0) / 6.0, 8.0)
        - 28.0 * root((stmro + 1.0) / 19.4, 35.0)
        - 13.0 * root((stmro - 3.0) / 33.0, 13.0)
        + 29.0;
    iolr + ist + quantising(ro)
}

/// Iq.
fn quantising(ro: f64) -> f64 {
    let q = 37.0 - 15.0 * QDU.log10();
    let g = 1.07 + 0.258 * q + 0.0602 * q * q;
    let y = (ro - 100.0) / 15.0 + 46.0 / 8.4 - g / 9.0;
    let z = 46.0 / 30.0 - g / 40.0;
    15.0 * (1.0 + decibels(y) + decibels(z)).log10()
}

/// Id, what comes late (section 7.4): echoes to who talks and to who listens, and the delay itself.
fn delayed(ro: f64, t: f64) -> f64 {
    talker_echo(t) + listener_echo(ro, 2.0 * t) + absolute_delay(t)
}

/// Idte.
fn talker_echo(t: f64) -> f64 {
    if t < 1.0 {
        return 0.0;
    }
    let terv = TELR - 40.0 * ((1.0 + t / 10.0) / (1.0 + t / 150.0)).log10() + 6.0 * (-0.3 * t * t).exp();
    let re = 80.0 + 2.5 * (terv - 14.0);
    let roe = -1.5 * (noise() - RLR);
    let half = (roe - re) / 2.0;
    (half + (half * half + 100.0).sqrt() - 1.0) * (1.0 - (-t).exp())
}

/// Idle.
fn listener_echo(ro: f64, tr: f64) -> f64 {
    let rle = 10.5 * (WEPL + 7.0) * (tr + 1.0).powf(-0.25);
    let half = (ro - rle) / 2.0;
    half + (half * half + 169.0).sqrt()
}

/// Idd.
fn absolute_delay(ta: f64) -> f64 {
    if ta <= MT_MS {
        return 0.0;
    }
    let x = (ta / MT_MS).log2();
    25.0 * (root(x, 6.0 * ST) - 3.0 * root(x / 3.0, 6.0 * ST) + 2.0)
}

/// Ie-eff, what the codec and its losses do (section 7.5).
fn equipment(conditions: &Conditions) -> f64 {
    let &Conditions { loss_ratio, impairment, robustness, burst_ratio, .. } = conditions;
    let loss = 100.0 * loss_ratio;
    impairment + (95.0 - impairment) * loss / (loss / burst_ratio + robustness)
}

/// `(1 + x^n)^(1/n)`.
fn root(x: f64, n: f64) -> f64 {
    (1.0 + x.powf(n)).powf(1.0 / n)
}

fn decibels(bels: f64) -> f64 {
    10_f64.powf(bels)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default values: no delay, no loss, no impairment.
    const DEFAULT: Conditions = Conditions {
        delay: Duration::ZERO,
        loss_ratio: 0.0,
        impairment: 0.0,
        robustness: 4.3,
        burst_ratio: 1.0,
    };

    fn near(value: f64, expected: f64, within: f64) {
        assert!((value - expected).abs() <= within, "{value}, not {expected}");
    }

    #[test]
    fn the_default_values_give_the_rating_that_the_recommendation_gives() {
        // ITU-T G.107 section 7.7: R = 93.2; annex B makes 4.41 of it.
        near(rate(&DEFAULT), 93.2, 0.05);
        near(opinion(rate(&DEFAULT)), 4.41, 0.005);
    }

    #[test]
    fn ratings_become_the_opinions_of_the_recommendation() {
        // ITU-T G.107 table B.1.
        for (rating, mos) in [(90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58)] {
            // The table's 4.03 is 4.024 by the formula beside it.
            near(opinion(rating), mos, 0.007);
        }
        for (rating, mos) in [(-5.0, 1.0), (0.0, 1.0), (3.0, 1.0), (100.0, 4.5), (110.0, 4.5)] {
            near(opinion(rating), mos, 1e-9);
        }
    }

    #[test]
    fn delay_alone_costs_nothing_up_to_a_tenth_of_a_second() {
        near(absolute_delay(0.0) + absolute_delay(50.0) + absolute_delay(100.0), 0.0, 1e-9);
        // X = log2(1.5) = 0.585: X^6 = 0.0401, (X/3)^6 = 0.000055; 25 (1.00657 - 3 x 1.000009 + 2).
        near(absolute_delay(150.0), 0.164, 0.001);
        // X = 1: 25 (2^(1/6) - 3 (1 + 1/729)^(1/6) + 2) = 25 (1.122462 - 3.000685 + 2).
        near(absolute_delay(200.0), 3.044, 0.001);
        // X = log2(3) = 1.58496: X^6 = 15.853, (X/3)^6 = 0.021746; 25 (1.601156 - 3 x 1.003592 + 2).
        near(absolute_delay(300.0), 14.76, 0.01);
        // X = 2: 25 (65^(1/6) - 3 (1 + 64/729)^(1/6) + 2) = 25 (2.005175 - 3 x 1.014124 + 2).
        near(absolute_delay(400.0), 24.07, 0.01);
    }

    #[test]
    fn losses_cost_what_the_codec_cannot_hide() {
        // G.729A: 11 + (95 - 11) x 2 / (2 + 19) = 19.
        let g729 = Conditions { loss_ratio: 0.02, impairment: 11.0, robustness: 19.0, ..DEFAULT };
        near(equipment(&g729), 19.0, 1e-9);
        // G.711 without concealment: 95 x 1 / (1 + 4.3) = 17.92; in bursts twice as long 95 / (0.5 + 4.3) = 19.79.
        let g711 = Conditions { loss_ratio: 0.01, ..DEFAULT };
        near(equipment(&g711), 17.925, 0.001);
        near(equipment(&Conditions { burst_ratio: 2.0, ..g711 }), 19.792, 0.001);
        // Everything lost: no rating is left.
        let lost = Conditions { loss_ratio: 1.0, ..DEFAULT };
        near(opinion(rate(&lost)), 1.0, 1e-9);
    }

    #[test]
    fn what_comes_late_only_ever_costs_more() {
        let ratings: Vec<f64> = (0..50)
            .map(|tens| rate(&Conditions { delay: Duration::from_millis(10 * tens), ..DEFAULT }))
            .collect();
        assert!(ratings.windows(2).all(|pair| matches!(pair, [less, more] if less >= more)), "{ratings:?}");
    }
}
