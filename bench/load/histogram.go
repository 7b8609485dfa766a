package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The range and the precision of a Histogram.
const (
	minValue          = time.Microsecond // what is shorter counts as this short
	maxValue          = time.Hour        // what is longer counts as this long
	significantDigits = 3                // an error of at most 0.1 %
)

// A Histogram is a distribution of durations, from a microsecond to an hour,
// exact to 0.1 %. Histograms merge without loss. Its JSON is the compressed
// form of HdrHistogram, which other tools read.
type Histogram struct {
	hdr *hdrhistogram.Histogram
}

// NewHistogram returns an empty histogram.
func NewHistogram() *Histogram {
	return &Histogram{hdrhistogram.New(int64(minValue), int64(maxValue), significantDigits)}
}

// Record adds d; a negative d counts as 0.
func (h *Histogram) Record(d time.Duration) {
	if err := h.hdr.RecordValue(int64(min(max(d, 0), maxValue))); err != nil {
		panic(err) // the value was clamped to the range
	}
}

// Merge adds what g has recorded.
func (h *Histogram) Merge(g *Histogram) { h.hdr.Merge(g.hdr) }

// Count returns how many values were recorded. A nil Histogram has none.
func (h *Histogram) Count() int64 {
	if h == nil {
		return 0
	}
	return h.hdr.TotalCount()
}

// Percentile returns the value that p per cent of the values do not exceed, or
// 0 where there are none.
func (h *Histogram) Percentile(p float64) time.Duration {
	if h.Count() == 0 {
		return 0
	}
	return time.Duration(h.hdr.ValueAtPercentile(p))
}

// Max returns the largest value, or 0 where there are none.
func (h *Histogram) Max() time.Duration {
	if h.Count() == 0 {
		return 0
	}
	return time.Duration(h.hdr.Max())
}

// Text returns the distribution as HdrHistogram's plotters read it (.hgrm),
// values in milliseconds.
func (h *Histogram) Text() []byte {
	var b bytes.Buffer
	if _, err := h.hdr.PercentilesPrint(&b, 5, float64(time.Millisecond)); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// MarshalJSON implements [json.Marshaler].
func (h *Histogram) MarshalJSON() ([]byte, error) {
	b, err := h.hdr.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(b))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (h *Histogram) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	hdr, err := hdrhistogram.Decode([]byte(s))
	if err != nil {
		return fmt.Errorf("histogram: %w", err)
	}
	h.hdr = hdr
	return nil
}
