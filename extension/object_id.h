/*
 * object_id.h
 *		Object ids: 24 lower-case hexadecimal digits, as MongoDB's ObjectId.
 */
#ifndef CALLCENTER_OBJECT_ID_H
#define CALLCENTER_OBJECT_ID_H

#define OBJECT_ID_LENGTH 24

extern bool object_id_is_valid(const char *s, size_t length);
extern text *object_id_generate(void);

#endif							/* CALLCENTER_OBJECT_ID_H */
