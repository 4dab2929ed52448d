namespace SemCache.Server.Hosting;

/// <summary>Tells gRPC itself from gRPC-Web, JSON and everything else.</summary>
internal static class NativeGrpc
{
    private const string ContentType = "application/grpc";

    /// <summary>Whether the body is of type <c>application/grpc</c>, with or without the name of an encoding behind it.</summary>
    public static bool IsOf(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';' or ' ');
}
