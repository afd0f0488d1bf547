namespace Glissade.Learning;
