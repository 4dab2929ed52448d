using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using SemCache.Core;
using SemCache.V1;

namespace SemCache.Server.Mapping;

/// <summary>
/// Writes answers to lookups without making a string of a response that is a text: the cache holds it in UTF-8, as the wire
/// does. Readers find what the generated code would have written, with the response behind the other fields.
/// </summary>
internal static class LookupResponseMarshaller
{
    private const int LongestVarint = 5;

    public static Marshaller<LookupResponse> Of(Marshaller<LookupResponse> generated) => new(
        (answer, context) =>
        {
            if (answer.StoredText is not { } text)
            {
                generated.ContextualSerializer(answer, context);
                return;
            }

            var sizes = new Sizes(answer, text);
            context.SetPayloadLength(sizes.Answer);
            Write(context.GetBufferWriter(), answer, text, sizes);
            context.Complete();
        },
        generated.ContextualDeserializer);

    public static Marshaller<LookupManyResponse> Of(Marshaller<LookupManyResponse> generated) => new(
        (item, context) =>
        {
            if (item.Found?.StoredText is not { } text)
            {
                generated.ContextualSerializer(item, context);
                return;
            }

            var sizes = new Sizes(item.Found, text);
            context.SetPayloadLength(SizeOfHead(LookupManyResponse.FoundFieldNumber, sizes.Answer) + sizes.Answer);
            IBufferWriter<byte> output = context.GetBufferWriter();
            WriteHead(output, LookupManyResponse.FoundFieldNumber, sizes.Answer);
            Write(output, item.Found, text, sizes);
            context.Complete();
        },
        generated.ContextualDeserializer);

    private static void Write(IBufferWriter<byte> output, LookupResponse answer, CachedResponse text, Sizes sizes)
    {
        answer.WriteTo(output);
        WriteHead(output, LookupResponse.ResponseFieldNumber, sizes.ResponseSize);
        WriteHead(output, Response.TextFieldNumber, text.Body.Length);
        output.Write(text.Body.Span);
        sizes.Rest.WriteTo(output);
    }

    private static int SizeOfHead(int field, int length) =>
        CodedOutputStream.ComputeTagSize(field) + CodedOutputStream.ComputeLengthSize(length);

    private static void WriteHead(IBufferWriter<byte> output, int field, int length)
    {
        Span<byte> head = output.GetSpan(2 * LongestVarint);
        int written = WriteVarint(head, WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited));
        written += WriteVarint(head[written..], (uint)length);
        output.Advance(written);
    }

    private static int WriteVarint(Span<byte> output, uint value)
    {
        int written = 0;
        for (; value > 0x7F; value >>= 7)
        {
            output[written++] = (byte)(value | 0x80);
        }

        output[written++] = (byte)value;
        return written;
    }

    /// <summary>Bytes of an answer on the wire and of the response in it, and what the response has beside its text.</summary>
    private readonly struct Sizes
    {
        public Sizes(LookupResponse answer, CachedResponse text)
        {
            int length = text.Body.Length;
            Rest = new Response { ContentType = text.ContentType };
            ResponseSize = SizeOfHead(Response.TextFieldNumber, length) + length + Rest.CalculateSize();
            Answer = answer.CalculateSize() + SizeOfHead(LookupResponse.ResponseFieldNumber, ResponseSize) + ResponseSize;
        }

        public Response Rest { get; }

        public int ResponseSize { get; }

        public int Answer { get; }
    }
}
