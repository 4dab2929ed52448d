using System.Net.Mime;

namespace SemCache.Server.Hosting;

/// <summary>
/// Takes the body of a <c>/v1/</c> request for JSON when the client did not say what it is: <c>curl -d</c> calls every
/// body a form.
/// </summary>
/// <remarks>
/// Not for requests with an Origin: that header marks a browser, which may send a form to any address from any page,
/// but asks before it sends JSON.
/// </remarks>
internal static class JsonByDefault
{
    private const string Form = "application/x-www-form-urlencoded";

    public static void UseJsonByDefault(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        HttpRequest request = context.Request;
        if (request.Path.StartsWithSegments("/v1")
            && request.ContentType is null or Form
            && request.Headers.Origin.Count == 0)
        {
            request.ContentType = MediaTypeNames.Application.Json;
        }

        return next(context);
    });
}
