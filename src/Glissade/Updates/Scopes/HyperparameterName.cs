using System.Text;

namespace Glissade.Updates;

/// <summary>Names of hyperparameters as listings show them.</summary>
internal static class HyperparameterName
{
    /// <summary>The name of a property in small letters with hyphens: <c>MomentumDecay</c>, or <c>rule.MomentumDecay</c>, is <c>momentum-decay</c>.</summary>
    public static string Of(string expression)
    {
        string property = expression[(expression.LastIndexOf('.') + 1)..];
        var name = new StringBuilder();
        foreach (char letter in property)
        {
            if (char.IsUpper(letter) && name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
