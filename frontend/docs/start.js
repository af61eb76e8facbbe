// The API page: Swagger UI over the server's own OpenAPI document, without anything from outside.

/** @type {{SwaggerUIBundle?: (options: object) => void}} */
const loaded = globalThis;

loaded.SwaggerUIBundle?.({
  url: "/api/openapi.json",
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
});
