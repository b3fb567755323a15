// Who may use each route of rest/src/routes.def: what attack-http goes by.
//
// A route without a row here fails the suite: whoever adds one decides.
//
//   who      anybody; person (any good token); viewer, agent, admin: the least role in the company of the path
//   body     a body with which the request is right, so that a refusal is for another reason
//   session  true: the token must be of a session (login), as tools/token's are not

const text = { text: "x" };

export const routes = {
  "GET /healthz": { who: "anybody" },
  "GET /readyz": { who: "anybody" },
  "GET /metrics": { who: "anybody" },
  "GET /": { who: "anybody" },

  "POST /api/session": { who: "anybody", body: {} },
  "GET /api/session": { who: "person" },
  "DELETE /api/session": { who: "anybody" },
  "POST /api/session/refresh": { who: "anybody" },
  "GET /api/sessions": { who: "person", session: true },
  "DELETE /api/sessions/:sessionId": { who: "person", session: true },
  "POST /api/token": { who: "anybody", body: {} },
  "POST /api/token/refresh": { who: "anybody", body: {} },
  "POST /api/password": {
    who: "person",
    session: true,
    body: { password: "x", newPassword: "y" },
  },

  "GET /api/admin/call-history/:companyId": { who: "viewer" },
  "POST /api/admin/call-history/:companyId": { who: "admin", body: {} },
  "DELETE /api/admin/call-history/:companyId": { who: "admin" },
  "POST /api/admin/call-history/:companyId/in-progress": {
    who: "admin",
    body: {},
  },
  "GET /api/admin/call-history/:companyId/export.csv": { who: "viewer" },
  "GET /api/admin/call-history/:companyId/analytics/summary": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/analytics/series": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/analytics/heatmap": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/analytics/summary.csv": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/analytics/series.csv": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/analytics/heatmap.csv": {
    who: "viewer",
  },
  "GET /api/admin/call-history/:companyId/:callId": { who: "viewer" },
  "PATCH /api/admin/call-history/:companyId/:callId": {
    who: "agent",
    body: { review: { flagged: true } },
  },
  "POST /api/admin/call-history/:companyId/:callId/note": {
    who: "agent",
    body: text,
  },
  "PUT /api/admin/call-history/:companyId/:callId/transcript": {
    who: "admin",
    body: [{ speaker: "agent", text: "x" }],
  },
  "PUT /api/admin/call-history/:companyId/:callId/customer": {
    who: "agent",
    body: { customerId: null },
  },
  "POST /api/admin/call-history/:companyId/:callId/reveal": { who: "admin" },

  "GET /api/admin/customers/:companyId": { who: "viewer" },
  "POST /api/admin/customers/:companyId": { who: "agent", body: {} },
  "GET /api/admin/customers/:companyId/lookup/:phone": { who: "viewer" },
  "GET /api/admin/customers/:companyId/:customerId": { who: "viewer" },
  "PATCH /api/admin/customers/:companyId/:customerId": {
    who: "agent",
    body: { firstName: "x" },
  },
  "DELETE /api/admin/customers/:companyId/:customerId": { who: "admin" },
  "POST /api/admin/customers/:companyId/:customerId/note": {
    who: "agent",
    body: text,
  },
  "GET /api/admin/customers/:companyId/:customerId/timeline": { who: "viewer" },
  "GET /api/admin/customers/:companyId/:customerId/stats": { who: "viewer" },
  "POST /api/admin/customers/:companyId/:customerId/reveal": { who: "admin" },

  "GET /api/admin/appointments/:companyId": { who: "viewer" },
  "POST /api/admin/appointments/:companyId": { who: "agent", body: {} },
  "PATCH /api/admin/appointments/:companyId/:appointmentId": {
    who: "agent",
    body: { service: "x" },
  },

  "GET /api/admin/follow-ups/:companyId": { who: "viewer" },
  "POST /api/admin/follow-ups/:companyId/claim": { who: "agent" },
  "POST /api/admin/follow-ups/:companyId/:followUpId/claim": { who: "agent" },
  "POST /api/admin/follow-ups/:companyId/:followUpId/release": { who: "agent" },
  "POST /api/admin/follow-ups/:companyId/:followUpId/resolve": {
    who: "agent",
    body: { status: "done" },
  },

  "GET /api/admin/audit/:companyId": { who: "admin" },
};
