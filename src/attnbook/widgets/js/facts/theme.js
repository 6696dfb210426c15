// Written by tools/facts.py from src/attnbook/theme.py: change it there and run `make facts`.
export const SEQUENTIAL = {
  light: ["#ffffff", "#d5e5f5", "#accbe9", "#84b1df", "#5c96d4", "#3c7cbe", "#2562a2", "#134887", "#0b2f6b"],
  dark: ["#14191f", "#172f4d", "#1d4677", "#2a5f9b", "#3b7abd", "#5696da", "#7fb3e9", "#abcff3", "#d9eafb"],
};
export const DIVERGING = {
  light: ["#1f3580", "#395baa", "#5e82d0", "#90ace1", "#c6d6f2", "#ffffff", "#f9caa7", "#e69667", "#c96531", "#9c400c", "#672508"],
  dark: ["#c8d7fa", "#8cacf0", "#6082ca", "#3d5a9c", "#213669", "#14191f", "#562c16", "#904518", "#c5662f", "#ed9361", "#ffcba7"],
};
