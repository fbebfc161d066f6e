-- How many RTs the register has, and how many of them an estimate.
SELECT
    coalesce(sum(rts), 0)::BIGINT AS rts,
    coalesce(sum(estimates), 0)::BIGINT AS estimates
FROM kelurahan_register;
