using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// What a request of Anthropic's dialect needs changed on its way to one provider of the same: the model, the cap that money is held for, marks on opaque
/// values, betas that may not go on. The rest of its bytes travel as they are.
/// </summary>
internal sealed class MessagesPlan
{
    private const long SmallestBudget = 1024;

    private readonly InferenceRequest _request;
    private readonly AttemptTarget _target;
    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removed = [];
    private ReadOnlyMemory<byte>? _thinking; // in place of the caller's

    private MessagesPlan(InferenceRequest request, AttemptTarget target)
    {
        (_request, _target) = (request, target);
        ChooseBetas();
        if (!string.Equals(target.Model, request.Facts.Model, StringComparison.Ordinal))
        {
            Edits.Replace(request.Facts.ModelValue, JsonLiteral.Of(target.Model));
        }

        var lowered = target.OutputCap is { } cap && request.Facts.MaxTokens > cap;
        if (lowered)
        {
            Edits.Replace(request.Facts.MaxTokensValue, JsonLiteral.Utf8(target.OutputCap!.Value.ToString(CultureInfo.InvariantCulture)));
        }

        // Everything else is rare enough to read the body for it.
        var body = request.Body.Span;
        if (lowered || _removed.Count > 0 || body.IndexOf("imx1."u8) >= 0 || (body.IndexOf("\"enabled\""u8) >= 0 && body.IndexOf("\"tool_result\""u8) >= 0))
        {
            ReadBody();
        }
    }

    /// <summary>The changes; empty where there are none.</summary>
    public JsonEdits Edits { get; } = new();

    /// <summary>The betas that go on.</summary>
    public IReadOnlyList<string> Betas { get; private set; } = [];

    /// <summary>What was left out or weakened, in order of the names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>Decides.</summary>
    public static MessagesPlan For(InferenceRequest request, AttemptTarget target) => new(request, target);

    private void ChooseBetas()
    {
        if (_request.Anthropic is not { Betas.Count: > 0 } sent)
        {
            return;
        }

        var list = _target.Provider.AnthropicBeta ?? BetaList.Usual;
        Betas = [.. sent.Betas.Where(beta => BetaList.Allows(list, beta))];
        var left = sent.Betas.Where(beta => !BetaList.Allows(list, beta)).ToList();
        _dropped.UnionWith(left.Select(static beta => $"anthropic-beta: {beta}"));
        _removed.UnionWith(BetaList.FieldsOf(left, Betas));
    }

    private void ReadBody()
    {
        using var document = _request.Parse();
        var root = document.RootElement;
        var (lost, bareLoop) = Thoughts.Clean(root, _request.Body.Span, _target, Edits);
        if (lost)
        {
            _dropped.Add("reasoning_details");
        }

        // With a budget the turn whose calls were just answered must begin with thinking. Where another provider made those calls it cannot.
        if (bareLoop && root.Find("thinking")?.Text("type") is "enabled")
        {
            _thinking = "{\"type\":\"disabled\"}"u8.ToArray();
        }

        KeepBudget(root);
        RemoveFields(root);
        if (_thinking is { } replaced)
        {
            _dropped.Add("thinking");
            Edits.Replace(JsonPlaces.Of(_request.Body.Span, root.GetProperty("thinking")), replaced);
        }
    }

    // A budget must be smaller than the cap, which may have been lowered.
    private void KeepBudget(JsonElement root)
    {
        if (_thinking is not null || _target.OutputCap is not { } cap || root.Find("thinking")?.Count("budget_tokens") is not { } budget || budget < cap)
        {
            return;
        }

        var less = cap * 9 / 10;
        _thinking = JsonLiteral.Utf8(less >= SmallestBudget
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"enabled\",\"budget_tokens\":{less}}}")
            : "{\"type\":\"disabled\"}");
    }

    private void RemoveFields(JsonElement root)
    {
        if (_removed.Count == 0)
        {
            return;
        }

        var members = root.EnumerateObject().ToList();
        _dropped.UnionWith(members.Select(static member => member.Name).Where(_removed.Contains));
        JsonPlaces.Remove(Edits, [.. members.Select(member => JsonPlaces.Of(_request.Body.Span, member))], i => _removed.Contains(members[i].Name));
    }
}
