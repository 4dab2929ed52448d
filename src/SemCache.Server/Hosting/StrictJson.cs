using System.Collections.Frozen;
using System.Text;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SemCache.Server.Hosting;

/// <summary>
/// Refuses JSON with fields that the contract does not have. Transcoding ignores them, and a misspelt <c>scope</c> would
/// share an answer with everybody, a misspelt <c>dryRun</c> would delete.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonParser _parser = new(JsonParser.Settings.Default);

    private static readonly FrozenDictionary<string, MessageDescriptor> _requests = V1.SemanticCache.Descriptor.Methods
        .Concat(V1.Admin.Descriptor.Methods)
        .Select(method => (Rule: method.GetOptions()?.GetExtension(AnnotationsExtensions.Http), method.InputType))
        .Where(route => route.Rule is { Body: "*", Post.Length: > 0 })
        .ToFrozenDictionary(route => route.Rule!.Post, route => route.InputType, StringComparer.OrdinalIgnoreCase);

    public static void UseStrictJson(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsPost(request.Method)
            && request.HasJsonContentType()
            && _requests.TryGetValue((request.Path.Value ?? "").TrimEnd('/'), out MessageDescriptor? descriptor)
            && await FindMistakeAsync(request, descriptor, context.RequestAborted) is { } mistake)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            var error = new { code = (int)Google.Rpc.Code.InvalidArgument, message = mistake, details = Array.Empty<object>() };
            await context.Response.WriteAsJsonAsync(error, context.RequestAborted);
            return;
        }

        await next(context);
    });

    // Leaves a body that can be read again. What is no JSON at all is left to the transcoding to refuse.
    private static async Task<string?> FindMistakeAsync(
        HttpRequest request, MessageDescriptor descriptor, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        request.HttpContext.Response.RegisterForDispose(body);
        await request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        request.Body = body;
        Encoding encoding = request.GetTypedHeaders().ContentType?.Encoding ?? Encoding.UTF8;
        try
        {
            _parser.Parse(encoding.GetString(body.GetBuffer(), 0, (int)body.Length), descriptor);
            return null;
        }
        catch (InvalidProtocolBufferException exception)
        {
            return "The request does not follow the contract: " + exception.Message;
        }
        catch (InvalidJsonException)
        {
            return null;
        }
    }
}
