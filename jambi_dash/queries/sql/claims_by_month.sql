-- Benefits paid from one day to another, by month of payment and programme.
SELECT
    date_trunc('month', paid_date)::DATE AS month,
    program,
    count(*)::BIGINT AS paid_count,
    sum(amount_idr)::BIGINT AS amount_idr
FROM claim
WHERE paid_date BETWEEN $first AND $last
    AND ($cohort = '' OR cohort = $cohort)
    AND ($area = '' OR starts_with(kelurahan_code, $area))
GROUP BY ALL
ORDER BY month, program;
