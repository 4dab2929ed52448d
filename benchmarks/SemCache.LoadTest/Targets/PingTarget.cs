using Google.Protobuf;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Targets;

/// <summary>The empty call: what every other call of the same sizes pays for transport alone.</summary>
internal sealed class PingTarget(string name, ServerConnections connections, PingRequest request)
    : GrpcTarget(name, connections)
{
    /// <summary>A ping whose messages are as large as a pair of others.</summary>
    public static PingTarget Sized(string name, ServerConnections connections, IMessage request, IMessage response) =>
        new(name, connections, Like(request, response));

    /// <summary>The request of such a ping.</summary>
    public static PingRequest Like(IMessage request, IMessage response)
    {
        int answer = PayloadFor(response.CalculateSize(), size => new PingResponse { Payload = Zeros(size) });
        int question = PayloadFor(
            request.CalculateSize(), size => new PingRequest { Payload = Zeros(size), ResponseBytes = answer });
        return new PingRequest { Payload = Zeros(question), ResponseBytes = answer };
    }

    protected override Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation) => EndAsync(
            connection.Admin.PingAsync(request, cancellationToken: cancellation),
            request,
            static (answer, request) => CallOutcome.Answered(
                answer.Payload.Length == request.ResponseBytes ? null : "an answer of another size"),
            cancellation);

    // The frame around a payload grows with it, so the size that fits is looked for.
    private static int PayloadFor(int bytes, Func<int, IMessage> messageOf)
    {
        int payload = Math.Max(0, bytes);
        while (payload > 0 && messageOf(payload).CalculateSize() > bytes)
        {
            payload--;
        }

        return payload;
    }

    private static ByteString Zeros(int bytes) => ByteString.CopyFrom(new byte[bytes]);
}
