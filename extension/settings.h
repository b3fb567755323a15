/*
 * settings.h
 *		The extension's configuration parameters (prefix callcenter.).
 */
#ifndef CALLCENTER_SETTINGS_H
#define CALLCENTER_SETTINGS_H

extern char *setting_company_id;	/* callcenter.company_id: the company an analyst's session works for */
extern char *setting_key_file;		/* callcenter.key_file: the key ring, see keyring.c */
extern char *setting_token_issuer;	/* callcenter.token_issuer: required "iss", "" for any */
extern char *setting_token_audience;	/* callcenter.token_audience: required "aud", "" for any */
extern int	setting_token_lifetime; /* callcenter.token_lifetime: seconds that a token of ours is valid */
extern int	setting_session_idle;	/* callcenter.session_idle: seconds that an unused session lasts */
extern int	setting_session_lifetime;	/* callcenter.session_lifetime: seconds that any session lasts */

extern void settings_init(void);

#endif							/* CALLCENTER_SETTINGS_H */
