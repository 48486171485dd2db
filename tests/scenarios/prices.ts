export const DAY = '2026-03-02T00:00:00Z'
export const CALM = { 'sina/ag-td': '7000.00', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' }
/** 5.99 USD/oz over the west */
export const WIDE = { ...CALM, 'sina/ag-td': '8100.00' }
