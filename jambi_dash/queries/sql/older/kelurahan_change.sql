-- Changes of cover by kelurahan, for a release that was published before they were kept.
SELECT cohort, month, kelurahan_code, change
FROM cover_change;
