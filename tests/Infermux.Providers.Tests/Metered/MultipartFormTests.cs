using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Infermux.Providers.Metered;
using Xunit;

namespace Infermux.Providers.Tests.Metered;

public sealed class MultipartFormTests
{
    private static readonly string[] Allowed = ["b", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "a b", "'()+_,-./:=?", new('x', 70), "=_NextPart_000", "--", "-"];

    public static TheoryData<string> Boundaries() => [.. Allowed];

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Read_WithAnyAllowedBoundary_FindsEachPartWhereItLies(string boundary)
    {
        foreach (var quoted in new[] { true, false }.Where(quoted => quoted || boundary.All(c => char.IsLetterOrDigit(c) || "-_.+".Contains(c, StringComparison.Ordinal))))
        {
            var type = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={(quoted ? $"\"{boundary}\"" : boundary)}; charset=utf-8");
            var body = Form(boundary, ("file", "a.mp3", "\0\r\n-\r\n\n"), ("model", null, "whisper-1"), ("empty", null, ""));
            Assert.Equal([("file", true, "\0\r\n-\r\n\n"), ("model", false, "whisper-1"), ("empty", false, "")], Read(body, MultipartForm.BoundaryOf(type)));
        }
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    [InlineData("multipart/form-data; boundary=\"a \"")]
    [InlineData("multipart/form-data; boundary=\"a;b\"")]
    [InlineData("multipart/form-data; boundary=\"a\\\"b\"")]
    [InlineData("multipart/form-data; boundary=a; boundary=b")]
    [InlineData("multipart/form-data; boundary=a; BOUNDARY=a")]
    [InlineData("multipart/mixed; boundary=a")]
    [InlineData("multipart/form-data; boundary=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void Type_ThatNamesNoBoundaryOrTwo_IsRefused(string type) => Assert.Contains(
        "boundary",
        Assert.Throws<RequestRefusedException>(() => MeteredScanner.Scan(Operation.Transcriptions, Form("a", ("file", "f", "x"), ("model", null, "m")), type, null, 64)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"model\"", "model", false)]
    [InlineData("content-disposition:form-data;name=model", "model", false)]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: FORM-DATA; filename=\"a;b\\\"c.mp3\"; name=\"f\"", "f", true)]
    [InlineData("Content-Disposition: form-data; name=\"image[]\"; filename*=UTF-8''na%C3%AFve.png", "image[]", true)]
    [InlineData("Content-Disposition: form-data; name=\"naïve 🙂\"", "naïve 🙂", false)]
    [InlineData("Content-Disposition: form-data; name=\"C:\\dir\"", "C:\\dir", false)] // a backslash before anything else is one
    [InlineData("Content-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: Binary", "x", false)]
    public void Read_OfAHead_FindsNameAndFile(string head, string name, bool isFile) =>
        Assert.Equal([(name, isFile, "v")], Read(Raw($"--b\r\n{head}\r\n\r\nv\r\n--b--\r\n"), "b"));

    [Theory]
    [InlineData("")] // nothing at all
    [InlineData("x--b--")] // a preamble, which some readers skip and others do not
    [InlineData("--b")] // cut off
    [InlineData("--b\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--b\r\n")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"a\"\n\nv\n--b--")] // bare line feeds
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--b--")] // content without its own line end
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--bc\r\n\r\n--b--")] // another boundary that begins with this one
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--b--\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nother\r\n--b--")]
    [InlineData("--b\r\n\r\nv\r\n--b--")] // no head
    [InlineData("--b\r\nContent-Type: text/plain\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name*=UTF-8''a\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\" x\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nv\r\n--b--")] // folded
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nv\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nv\r\n--b--")]
    public void Read_OfWhatCouldBeReadInTwoWaysOrIsNone_IsRefused(string body) =>
        Assert.Throws<RequestRefusedException>(() => Read(Raw(body), "b"));

    [Fact]
    public void Read_OfAFormCutAnywhere_IsRefusedButForItsLastLineEnd()
    {
        var whole = Form("b", ("file", "a", "xyz"), ("model", null, "m"));
        for (var length = 0; length < whole.Length - 2; length++)
        {
            Assert.Throws<RequestRefusedException>(() => Read(whole[..length], "b"));
        }

        Assert.Equal(2, Read(whole[..^2], "b").Count);
    }

    [Fact]
    public void Read_OfRandomBytesAndMutatedForms_IsAnAnswerOrARefusal() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 400], Gen.Int[0, 3]).Sample((noise, at, kind) =>
    {
        var form = Form("b", ("file", "a", "xyz"), ("model", null, "m"), ("n", null, "1"));
        var place = at % form.Length;
        byte[] body = kind switch
        {
            0 => noise,
            1 => [.. form[..place], .. noise.Take(8), .. form[place..]],
            2 => [.. form[..place], .. form[Math.Min(form.Length, place + 3)..]],
            _ => [.. form[..place], .. "\r\n--b\r\n"u8, .. form[place..]],
        };
        try
        {
            Read(body, "b");
        }
        catch (RequestRefusedException)
        {
            // what it is there for
        }
    }, iter: 20_000);

    [Fact]
    public void Read_OfMorePartsThanAnyFormHas_IsRefused() =>
        Assert.Throws<RequestRefusedException>(() => Read(Form("b", [.. Enumerable.Range(0, 1_025).Select(n => ($"f{n}", (string?)null, "v"))]), "b"));

    internal static byte[] Form(string boundary, params (string Name, string? File, string Value)[] parts) => Raw(
        string.Concat(parts.Select(part =>
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"{part.Name}\"{(part.File is null ? "" : $"; filename=\"{part.File}\"")}\r\n\r\n{part.Value}\r\n"))
        + $"--{boundary}--\r\n");

    private static byte[] Raw(string text) => Encoding.UTF8.GetBytes(text);

    private static List<(string Name, bool IsFile, string Content)> Read(byte[] body, string boundary) =>
        [.. MultipartForm.Read(body, boundary, out _).Select(part => (part.Name, part.IsFile, Encoding.UTF8.GetString(body, part.Content.Start, part.Content.Length)))];
}
