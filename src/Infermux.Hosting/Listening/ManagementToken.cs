using Infermux.Core.Configuration;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Hosting.Listening;

/// <summary>
/// What a management request must send: the value of <c>INFERMUX_MANAGEMENT_TOKEN</c>, or the text of the file that <c>INFERMUX_MANAGEMENT_TOKEN_FILE</c>
/// names (a mounted secret), read once at start. It has no key in the configuration, which more people may read.
/// </summary>
/// <param name="Value">Null where neither is set.</param>
public sealed record ManagementToken(string? Value)
{
    /// <summary>The variable that holds it.</summary>
    public const string Variable = "INFERMUX_MANAGEMENT_TOKEN";

    /// <summary>The variable that names a file with it; a line end after it is not part of it.</summary>
    public const string FileVariable = "INFERMUX_MANAGEMENT_TOKEN_FILE";

    /// <summary>The token of this process.</summary>
    /// <exception cref="StartRefusedException">Both are set, or the file holds no token: going on without one would open the API.</exception>
    public static ManagementToken FromEnvironment() => From(Environment.GetEnvironmentVariable, ReadFile);

    internal static ManagementToken From(Func<string, string?> variable, Func<string, string?> readFile)
    {
        var (written, file) = (variable(Variable), variable(FileVariable));
        if (string.IsNullOrEmpty(file))
        {
            return new(string.IsNullOrEmpty(written) ? null : written);
        }

        if (!string.IsNullOrEmpty(written))
        {
            throw Refused($"{Variable} is set too.", "Set one of the two.");
        }

        return readFile(file)?.TrimEnd('\r', '\n') switch
        {
            null => throw Refused($"the file '{file}' cannot be read.", "Mount it there and let this process read it."),
            "" => throw Refused($"the file '{file}' is empty.", "Write the token into it."),
            var token => new(token),
        };
    }

    private static StartRefusedException Refused(string problem, string mend) => new([new ConfigProblem(FileVariable, problem, mend)]);

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null; // the refusal names the file
        }
    }
}
