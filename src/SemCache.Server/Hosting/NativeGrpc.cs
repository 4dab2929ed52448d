namespace SemCache.Server.Hosting;

/// <summary>Tells gRPC itself from gRPC-Web, JSON and everything else.</summary>
internal static class NativeGrpc
{
    private const string ContentType = "application/grpc";
    private const string Encoding = "+proto";

    /// <summary>
    /// Whether the body is of type <c>application/grpc</c> or <c>application/grpc+proto</c>. Not <c>application/grpc+json</c>: by its
    /// suffix that is JSON, and on the paths of JSON it is served as such.
    /// </summary>
    public static bool IsOf(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && IsEnd(type, type.AsSpan(ContentType.Length).StartsWith(Encoding, StringComparison.OrdinalIgnoreCase)
            ? ContentType.Length + Encoding.Length
            : ContentType.Length);

    private static bool IsEnd(string type, int at) => type.Length == at || type[at] is ';' or ' ';
}
