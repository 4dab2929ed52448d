using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>Calls of the HTTP port as a client without stubs makes them.</summary>
public static class Json
{
    public const string Type = "application/json";

    /// <summary>What curl says of a body that is given with -d.</summary>
    public const string CurlType = "application/x-www-form-urlencoded";

    public static async Task<Answer> PostAsync(
        this HttpClient http, string path, string body, string? contentType = Type, string? origin = null)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await AnswerAsync(await http.SendAsync(request));
    }

    public static async Task<Answer> ReadAsync(this HttpClient http, string path) =>
        await AnswerAsync(await http.GetAsync(new Uri(path, UriKind.Relative)));

    private static async Task<Answer> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsStringAsync());
        }
    }

    public sealed record Answer(HttpStatusCode Status, string? ContentType, string Text)
    {
        /// <summary>The body of a successful call.</summary>
        public JsonNode Body
        {
            get
            {
                Assert.True(Status == HttpStatusCode.OK, $"{Status}: {Text}");
                Assert.Equal(Type, ContentType);
                return JsonNode.Parse(Text)!;
            }
        }

        /// <summary>The body of a call that failed as it should.</summary>
        public JsonNode Failed(HttpStatusCode status)
        {
            Assert.True(Status == status, $"{Status}: {Text}");
            Assert.Equal(Type, ContentType);
            return JsonNode.Parse(Text)!;
        }
    }
}
