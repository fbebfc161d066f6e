-- RTs and estimates of each kelurahan, for a release that was published before they were kept.
SELECT
    kelurahan_code,
    count(*) AS rts,
    count(eligible_count) AS estimates,
    sum(eligible_count)::BIGINT AS eligible
FROM rt
GROUP BY kelurahan_code;
