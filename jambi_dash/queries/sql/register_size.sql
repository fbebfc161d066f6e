-- How many RTs the register has, and how many of them an estimate.
SELECT count(*) AS rts, count(eligible_count) AS estimates FROM rt;
