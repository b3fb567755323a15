-- The closed vocabularies of profiles and follow-ups: enums, as those of 10_schema.

CREATE TYPE callcenter.address_type AS ENUM ('home', 'work', 'rental', 'other');
COMMENT ON TYPE callcenter.address_type IS 'what a customer''s address is';

CREATE TYPE callcenter.time_of_day AS ENUM ('early_morning', 'morning', 'afternoon', 'evening', 'any');
COMMENT ON TYPE callcenter.time_of_day IS 'when a customer likes a visit';

CREATE TYPE callcenter.weekday AS ENUM ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');
COMMENT ON TYPE callcenter.weekday IS 'a day of the week';

CREATE TYPE callcenter.communication_method AS ENUM ('call', 'text', 'email');
COMMENT ON TYPE callcenter.communication_method IS 'how a customer likes to be reached';

CREATE TYPE callcenter.note_category AS ENUM ('general', 'service', 'billing', 'complaint', 'preference');
COMMENT ON TYPE callcenter.note_category IS 'what a note on a customer is about';

CREATE TYPE callcenter.follow_up_status AS ENUM ('open', 'claimed', 'done', 'dismissed');
COMMENT ON TYPE callcenter.follow_up_status IS 'how far a follow-up is';

CREATE TYPE callcenter.follow_up_reason AS ENUM ('emergency', 'requested', 'message', 'voicemail', 'missed', 'lead');
COMMENT ON TYPE callcenter.follow_up_reason IS 'why somebody must see to a call, strongest first';

CREATE TYPE callcenter.follow_up_resolution AS ENUM ('person', 'call', 'booking', 'withdrawn');
COMMENT ON TYPE callcenter.follow_up_resolution IS 'what ended a follow-up: a person, a later call, a booking, or that no call needs it any more';
