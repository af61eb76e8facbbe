// The API page: Swagger UI over the server's own OpenAPI document, without anything from outside.

const { SwaggerUIBundle } =
  /** @type {{SwaggerUIBundle: (options: object) => void}} */ (/** @type {unknown} */ (globalThis));

SwaggerUIBundle({
  url: "./api/openapi.json",
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
});
