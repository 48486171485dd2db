-- Up Migration

-- What a file brought may fill a window that begins later, and was told to no rule: a correction folds none of it.
comment on column metalgap.premiums.elapsed_ms is 'Comparable time since the observation before, as holds count it; null where the pair was not comparable, and of late premiums.';
comment on column metalgap.premiums.spell_ms is 'The longest spell without comparability since the observation before; null where no rule was told, because a file brought it.';

-- Down Migration

comment on column metalgap.premiums.elapsed_ms is 'Comparable time since the observation before, as holds counted it; null where no rule was told.';
comment on column metalgap.premiums.spell_ms is 'The longest spell without comparability since the observation before.';
