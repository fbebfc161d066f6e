-- Accepted rows of the roster, to tell "nobody covered" from "no roster".
SELECT count(*) AS people FROM stage_count;
