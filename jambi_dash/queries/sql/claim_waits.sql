-- Days from event to payment of every benefit paid from one day to another; NULL without a sound
-- pair of dates.
SELECT
    program,
    event_date,
    CASE WHEN event_date <= paid_date THEN date_diff('day', event_date, paid_date) END AS days
FROM claim
WHERE paid_date BETWEEN $first AND $last
    AND ($cohort = '' OR cohort = $cohort)
    AND ($area = '' OR starts_with(kelurahan_code, $area))
ORDER BY program, days;
