using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;

namespace Infermux.Gateway.Models;

/// <summary>One page of models as Anthropic's clients turn them: <c>limit</c> (1 to 1,000, all where not given), <c>after_id</c>, <c>before_id</c>.</summary>
internal sealed record AnthropicModelPage(IReadOnlyList<ServedModel> Models, bool HasMore)
{
    /// <summary>False, and what is wrong, for a query that is none.</summary>
    public static bool TryRead(IQueryCollection query, IReadOnlyList<ServedModel> served, out AnthropicModelPage page, out string problem)
    {
        (page, problem) = (new([], false), "");
        var limit = served.Count;
        if (query.TryGetValue("limit", out var asked)
            && (!int.TryParse(asked.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 1000))
        {
            problem = "'limit' must be a whole number from 1 to 1000. Leave it out for all models.";
            return false;
        }

        var names = served.Select(static model => model.Name).ToList();
        if (query["before_id"].ToString() is { Length: > 0 } before)
        {
            var end = Math.Max(0, names.IndexOf(before));
            var start = Math.Max(0, end - limit);
            page = new([.. served.Take(start..end)], start > 0);
            return true;
        }

        var first = query["after_id"].ToString() is { Length: > 0 } after ? names.IndexOf(after) + 1 : 0;
        page = new([.. served.Skip(first).Take(limit)], first + limit < served.Count);
        return true;
    }

    /// <summary>The body.</summary>
    public object Write(ConfigurationSnapshot snapshot) => new AnthropicModelList(
        [.. Models.Select(model => AnthropicModel.Of(model, snapshot))], HasMore, Models.Count > 0 ? Models[0].Name : null, Models.Count > 0 ? Models[^1].Name : null);
}
