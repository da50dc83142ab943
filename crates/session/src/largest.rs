//! The largest of many, without sorting them all.

/// Keeps the `most` items that `rank` puts first, in no order.
pub(crate) fn keep_first<T, R: Ord>(items: &mut Vec<T>, most: usize, rank: impl FnMut(&T) -> R) {
    if let Some(last) = most.checked_sub(1)
        && items.len() > most
    {
        items.select_nth_unstable_by_key(last, rank);
    }
    items.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_those_that_rank_first_or_all_there_are() {
        for (most, kept) in [(0, &[][..]), (2, &[1, 3]), (4, &[1, 3, 5, 9]), (9, &[1, 3, 5, 9])] {
            let mut items = vec![9, 3, 5, 1];
            keep_first(&mut items, most, |&item| item);
            items.sort_unstable();
            assert_eq!(items, kept);
        }
    }
}
