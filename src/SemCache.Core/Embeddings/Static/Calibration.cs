using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// Makes a probability of a verifier's logit and the similarity: the odds of the similarity are added, then come Platt's
/// scaling and a rising line through heights (<c>fit_calibration</c> in <c>models/training/verifier.py</c>).
/// </summary>
internal sealed class Calibration
{
    private readonly float _least;
    private readonly float _most;
    private readonly float _weight;
    private readonly float _scale;
    private readonly float _shift;
    private readonly float _lowest;
    private readonly float[] _knots;
    private readonly float[] _widths;
    private readonly float[] _rises;

    /// <param name="probability">The graph's output.</param>
    /// <param name="logit">The graph's value that is calibrated.</param>
    /// <exception cref="InvalidDataException">It is not made in this way.</exception>
    public Calibration(OnnxValue probability, out OnnxValue logit)
    {
        OnnxValue parts = probability.From("Add", 1).From("ReduceSum");
        OnnxValue clipped = parts.From("Mul").From("Min");
        OnnxTensor rises = parts.From("Mul", 1).Constant();
        int count = rises.Shape is [int length] ? length : 0;
        _lowest = probability.From("Add").Constant().Floats()[0];
        _rises = rises.Floats(count);
        _widths = parts.From("Mul").From("Min", 1).Constant().Floats(count);
        _knots = clipped.From("Clip").From("Sub", 1).Constant().Floats(count);

        OnnxValue scaled = clipped.From("Clip").From("Sub").From("Unsqueeze").From("Sigmoid");
        OnnxValue score = scaled.From("Add").From("Mul");
        _shift = scaled.From("Add", 1).Constant().Floats(1)[0];
        _scale = scaled.From("Add").From("Mul", 1).Constant().Floats(1)[0];

        OnnxValue odds = score.From("Add", 1);
        OnnxValue similarity = odds.From("Mul").From("Log").From("Div");
        _weight = odds.From("Mul", 1).Constant().Floats()[0];
        _least = similarity.From("Clip", 1).Constant().Floats()[0];
        _most = similarity.From("Clip", 2).Constant().Floats()[0];
        if (!(0 < _least && _least <= _most && _most < 1))
        {
            throw new InvalidDataException(
                $"it clips similarities to {_least} to {_most}; allowed is a range within 0 to 1, both excluded");
        }

        logit = score.From("Add");
    }

    /// <summary>The probability, 0…1 but for rounding.</summary>
    public float ProbabilityOf(float logit, float similarity)
    {
        float clipped = Math.Clamp(similarity, _least, _most);
        float score = logit + (_weight * MathF.Log(clipped / (1 - clipped)));
        float sigmoid = 1 / (1 + MathF.Exp(-((score * _scale) + _shift)));
        float sum = 0;
        for (int i = 0; i < _knots.Length; i++)
        {
            sum += Math.Min(Math.Max(sigmoid - _knots[i], 0), _widths[i]) * _rises[i];
        }

        return _lowest + sum;
    }
}
