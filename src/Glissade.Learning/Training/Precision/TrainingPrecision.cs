namespace Glissade.Learning.Training;

/// <summary>The numbers in which a network is computed while it is trained. Parameters, gradients, losses and sums are floats in any case.</summary>
public enum TrainingPrecision
{
    /// <summary>Floats throughout.</summary>
    Float32,

    /// <summary>Operands of matrix products and what is kept for the gradient in bfloat16: half the memory, two to three decimal digits, the range of a float.</summary>
    BFloat16,

    /// <summary>The same in IEEE binary16: three digits, but nothing above 65,504 or below 6·10⁻⁸, so the loss is scaled lest small adjoints vanish.</summary>
    Half,
}
