using System.Globalization;
using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration;

/// <summary>A problem and the place to mend it.</summary>
/// <param name="Source">The file as it was named, or the variable or flag the value came from.</param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
/// <param name="Column">From 1; 0 where the source has no lines.</param>
/// <param name="Problem">What is wrong, and the mend; never a secret value.</param>
public sealed record LocatedProblem(string Source, int Line, int Column, ConfigProblem Problem)
{
    /// <summary>Whether the configuration loads in spite of it.</summary>
    public bool IsWarning => Problem.IsWarning;

    /// <summary><c>file:line:column: message. Mend.</c></summary>
    public override string ToString()
    {
        var place = Line == 0 ? Source : string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}:{Column}");
        var severity = IsWarning ? "warning: " : "";
        var path = Problem.Path.Length == 0 ? "" : $"{Problem.Path}: ";
        return $"{place}: {severity}{path}{Problem.Problem} {Problem.Mend}";
    }
}
