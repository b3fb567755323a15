/*
 * text_has.h
 *		What callcenter.text_has(value, part) is asked with.
 */
#ifndef CALLCENTER_TEXT_HAS_H
#define CALLCENTER_TEXT_HAS_H

/* Folds a text, as the second argument. */
extern text *text_has_fold(const text *part);

#endif							/* CALLCENTER_TEXT_HAS_H */
